// What the keyboard can do here, read from what is bound.
import { useShortcuts } from "@/lib/shortcuts";
import { Dialog } from "../ui/dialog";
import { Keys } from "../ui/kbd";

export default function ShortcutList({ onClose }: { onClose: () => void }) {
  const all = useShortcuts();
  const groups = [...new Set(all.map((one) => one.group))];
  return (
    <Dialog isOpen onClose={onClose} title="Keyboard shortcuts">
      <div className="flex flex-col gap-5">
        {groups.map((group) => (
          <section key={group}>
            <h3 className="mb-1 text-xs font-medium text-ink-3">{group}</h3>
            <dl className="divide-y divide-line">
              {all
                .filter((one) => one.group === group)
                .map((one) => (
                  <div key={one.keys} className="flex h-8 items-center justify-between text-sm">
                    <dt>{one.does}</dt>
                    <dd>
                      <Keys keys={one.keys} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
