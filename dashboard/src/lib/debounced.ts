// A value that follows another once that has stood still for a while.
import { useEffect, useState } from "react";

export function useDebounced<T>(value: T, pauseMs: number): T {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value, pauseMs]);
  return late;
}
