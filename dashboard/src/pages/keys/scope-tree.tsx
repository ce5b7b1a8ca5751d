// Scopes by resource: a box for the whole and one for each action. Made of what the person may do, because nobody
// hands on more than they have.
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/queries";
import { ErrorPanel } from "@/components/page";
import { Skeleton } from "@/components/ui/card";
import { CheckLine, Checkbox } from "@/components/ui/checks";

const ACTIONS = ["read", "create", "update", "delete"];
const rank = (action: string) => (ACTIONS.includes(action) ? ACTIONS.indexOf(action) : ACTIONS.length);
const words = (name: string) => (name.slice(0, 1).toUpperCase() + name.slice(1)).replaceAll("_", " ").replace(/^Api /, "API ").replace(/^Qr$/, "QR codes");

export function ScopeTree({ value, onChange }: { value: string[]; onChange: (scopes: string[]) => void }) {
  const me = useQuery(meQuery);
  if (me.error) return <ErrorPanel error={me.error} onRetry={() => void me.refetch()} />;
  if (!me.data) return <Skeleton className="h-40 w-full" />;
  const groups = new Map<string, string[]>();
  for (const scope of me.data.scopes) {
    const resource = scope.split(".")[0]!;
    groups.set(resource, [...(groups.get(resource) ?? []), scope]);
  }
  const has = new Set(value);
  const toggle = (scopes: string[], on: boolean) => onChange(on ? [...new Set([...value, ...scopes])] : value.filter((scope) => !scopes.includes(scope)));
  return (
    <fieldset className="max-h-80 overflow-y-auto rounded-lg border border-line">
      <legend className="sr-only">Scopes</legend>
      {[...groups].map(([resource, scopes]) => {
        const on = scopes.filter((scope) => has.has(scope));
        return (
          <div key={resource} className="grid grid-cols-1 gap-x-3 gap-y-1.5 border-b border-line px-3 py-2 last:border-b-0 sm:grid-cols-[9rem_1fr]">
            <CheckLine
              label={<span className="font-medium">{words(resource)}</span>}
              aria-label={`All of ${words(resource)}`}
              checked={on.length === scopes.length ? true : on.length > 0 ? "indeterminate" : false}
              onCheckedChange={() => toggle(scopes, on.length !== scopes.length)}
            />
            <div className="flex flex-wrap gap-x-4 gap-y-1.5 max-sm:pl-6">
              {scopes
                .toSorted((a, b) => rank(a.split(".")[1]!) - rank(b.split(".")[1]!))
                .map((scope) => (
                  <label key={scope} className="flex items-center gap-1.5 text-xs text-ink-2">
                    <Checkbox aria-label={scope} checked={has.has(scope)} onCheckedChange={(state) => toggle([scope], state === true)} />
                    {scope.split(".")[1]}
                  </label>
                ))}
            </div>
          </div>
        );
      })}
    </fieldset>
  );
}
