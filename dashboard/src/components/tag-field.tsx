// Words as chips: Enter or a comma makes one, Backspace takes the last away, what others used is suggested.
import { X } from "lucide-react";
import { useId, useState } from "react";
import { Input } from "./ui/field";

export function TagField({ value, onChange, known, placeholder }: { value: string[]; onChange: (tags: string[]) => void; known: string[]; placeholder?: string }) {
  const [typed, setTyped] = useState("");
  const list = useId();
  const add = (text: string) => {
    const fresh = text.split(",").map((tag) => tag.trim()).filter((tag) => tag !== "" && !value.includes(tag));
    if (fresh.length > 0) onChange([...value, ...fresh]);
    setTyped("");
  };
  return (
    <div className="flex flex-col gap-1.5">
      <Input
        list={list}
        value={typed}
        placeholder={placeholder ?? "Type, then Enter"}
        onChange={(event) => (event.target.value.endsWith(",") || known.includes(event.target.value) ? add(event.target.value) : setTyped(event.target.value))}
        onBlur={() => add(typed)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && typed.trim()) {
            event.preventDefault();
            add(typed);
          } else if (event.key === "Backspace" && typed === "") onChange(value.slice(0, -1));
        }}
      />
      <datalist id={list}>
        {known.filter((tag) => !value.includes(tag)).map((tag) => (
          <option key={tag} value={tag} />
        ))}
      </datalist>
      {value.length > 0 && (
        <ul className="flex flex-wrap gap-1">
          {value.map((tag) => (
            <li key={tag} className="inline-flex h-6 items-center gap-1 rounded-md border border-line bg-sunken pl-2 text-xs">
              {tag}
              <button type="button" aria-label={`Remove ${tag}`} onClick={() => onChange(value.filter((one) => one !== tag))} className="grid size-6 place-items-center rounded-md text-ink-3 hover:text-ink">
                <X className="size-3" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
