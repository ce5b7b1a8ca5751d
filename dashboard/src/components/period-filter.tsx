// The time of a log, chosen: a length before now, or days.
import { useState } from "react";
import type { LogPeriod } from "@/lib/log-period";
import { Input, Select } from "./ui/field";

export function PeriodFilter({ value, onChange }: { value: LogPeriod; onChange: (period: LogPeriod) => void }) {
  const [isBetween, setBetween] = useState(Boolean(value.from ?? value.to));
  const choose = (chosen: string) => {
    setBetween(chosen === "between");
    if (chosen !== "between") onChange({ range: (chosen || undefined) as LogPeriod["range"], from: undefined, to: undefined });
  };
  const days = (change: Pick<LogPeriod, "from" | "to">) => onChange({ range: undefined, from: value.from, to: value.to, ...change });
  return (
    <>
      <Select aria-label="Time" value={value.range ?? (isBetween ? "between" : "")} onChange={(event) => choose(event.target.value)} className="w-auto! min-w-32 max-sm:flex-1">
        <option value="">Any time</option>
        <option value="1h">Last hour</option>
        <option value="24h">Last 24 hours</option>
        <option value="7d">Last 7 days</option>
        <option value="30d">Last 30 days</option>
        <option value="between">Between days…</option>
      </Select>
      {isBetween && !value.range && (
        <>
          <Input aria-label="From" type="date" max={value.to} value={value.from ?? ""} onChange={(event) => days({ from: event.target.value || undefined })} className="w-36!" />
          <Input aria-label="To" type="date" min={value.from} value={value.to ?? ""} onChange={(event) => days({ to: event.target.value || undefined })} className="w-36!" />
        </>
      )}
    </>
  );
}
