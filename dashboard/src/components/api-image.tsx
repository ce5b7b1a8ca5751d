// A picture that only the API hands out: it is fetched with the session's token, because an <img> cannot send one.
import { useQuery, type QueryKey } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { fetchBlob } from "@/api/client";
import { cx } from "@/lib/cx";
import { Skeleton } from "./ui/card";

/** Fetched this far before it comes into sight. */
const AHEAD_PX = 300;

type Props = {
  path: string;
  /** Change it and the picture is asked for anew. */
  queryKey: QueryKey;
  /** Empty for a picture beside the name of what it shows. */
  label: string;
  /** Its size, at least. */
  className: string;
};

export function ApiImage({ path, queryKey, label, className }: Props) {
  const place = useRef<HTMLSpanElement>(null);
  const [isNear, setNear] = useState(false);
  const image = useQuery({
    queryKey,
    queryFn: ({ signal }) => fetchBlob(path, signal),
    staleTime: Infinity,
    enabled: isNear,
  });
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!image.data) return;
    const made = URL.createObjectURL(image.data);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [image.data]);
  useEffect(() => {
    if (!place.current) return;
    const watch = new IntersectionObserver(([seen]) => seen?.isIntersecting && setNear(true), { rootMargin: `${AHEAD_PX}px` });
    watch.observe(place.current);
    return () => watch.disconnect();
  }, []);
  if (image.error) return <p className="text-xs text-ink-3">No picture: {image.error.message}</p>;
  return (
    <span ref={place} className="inline-flex max-w-full shrink-0">
      {url ? <img src={url} alt={label} className={cx("rounded-lg border border-line bg-white object-contain", className)} /> : <Skeleton className={className} />}
    </span>
  );
}
