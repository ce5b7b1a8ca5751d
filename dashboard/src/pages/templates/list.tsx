// Looks that have a name: the workspace's templates, the presets, and the logos that designs use.
import { useQuery } from "@tanstack/react-query";
import { Link as Go, useNavigate, useSearch } from "@tanstack/react-router";
import { CopyPlus, Ellipsis, Images, Paintbrush, Palette, Pencil, Plus, QrCode, TextCursorInput, Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useLogin } from "@/api/session";
import { ApiImage } from "@/components/api-image";
import { Confirm } from "@/components/confirm";
import { RelativeTime } from "@/components/moments";
import { Empty, ErrorPanel, FormBody, Page } from "@/components/page";
import { Button, IconButton } from "@/components/ui/button";
import { Skeleton } from "@/components/ui/card";
import { Segments } from "@/components/ui/checks";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { Menu } from "@/components/ui/menu";
import { toast } from "@/components/ui/toast";
import { useForm } from "@/lib/form";
import { compact } from "@/lib/numbers";
import { EDITORS } from "@/nav";
import { Art, inWords } from "../qr-codes/art";
import type { Style } from "../qr-codes/design";
import { ApplyToCodes } from "./apply";
import { LogoUpload } from "./logo-upload";
import { changeTemplate, createTemplate, duplicateTemplate, logosQuery, presetsQuery, removeLogo, removeTemplate, templatesQuery, type Logo, type Template } from "./queries";
import type { Shelf } from "./search";

const VIEWER = "Viewers can look at templates. An editor, admin or owner can change them.";
const GRID = "grid grid-cols-[repeat(auto-fill,minmax(9.75rem,1fr))] gap-3 sm:grid-cols-[repeat(auto-fill,minmax(12rem,1fr))]";
const ABOUT: Record<Shelf, string> = {
  templates: "Styles of this workspace. A code keeps its looks when its template changes, until it is applied again.",
  presets: "Ready styles to start from.",
  logos: "Pictures for the middle of codes. One that a code or a template uses cannot be deleted.",
};

export function TemplatesPage() {
  const { shelf = "templates" } = useSearch({ from: "/inside/templates" });
  const navigate = useNavigate({ from: "/templates" });
  const { workspace } = useLogin();
  const mayEdit = workspace != null && EDITORS.includes(workspace.role);
  const why = mayEdit ? undefined : VIEWER;
  return (
    <Page title="Templates" guide="qr-codes" about={ABOUT[shelf]} actions={<NewTemplate why={why} />}>
      <div className="mb-4">
        <Segments
          label="Shelf"
          value={shelf}
          options={[
            { value: "templates", label: "Templates" },
            { value: "presets", label: "Presets" },
            { value: "logos", label: "Logos" },
          ]}
          onChange={(next) => void navigate({ search: { shelf: next === "templates" ? undefined : next }, replace: true })}
        />
      </div>
      {shelf === "templates" ? <Own mayEdit={mayEdit} /> : shelf === "presets" ? <Presets mayEdit={mayEdit} /> : <Logos mayEdit={mayEdit} />}
    </Page>
  );
}

function NewTemplate({ why }: { why: string | undefined }) {
  if (why)
    return (
      <Button look="primary" icon={<Plus />} why={why}>
        New template
      </Button>
    );
  return (
    <Button look="primary" asChild>
      <Go to="/templates/new">
        <Plus /> New template
      </Go>
    </Button>
  );
}

const Wait = () => (
  <div role="status" aria-label="Loading" className={GRID}>
    {Array.from({ length: 8 }, (_, at) => (
      <Skeleton key={at} className="h-56 w-full rounded-xl" />
    ))}
  </div>
);

function Look({ style, name, about, menu, children }: { style: Style; name: ReactNode; about?: ReactNode; menu?: ReactNode; children?: ReactNode }) {
  return (
    <li className="group relative flex min-w-0 flex-col rounded-xl border border-line bg-surface focus-within:border-line-strong hover:border-line-strong">
      <div className="m-3 mb-0 grid place-items-center rounded-lg bg-white p-1">
        <Art style={style} cut="whole" className="h-40 w-full" />
      </div>
      <div className="flex flex-1 items-start gap-1 px-3 py-2.5">
        <div className="min-w-0 flex-1">
          {name}
          {about && <p className="truncate text-xs text-ink-3">{about}</p>}
        </div>
        {menu && <span className="relative z-10 -mt-0.5 -mr-1.5">{menu}</span>}
      </div>
      {children}
    </li>
  );
}

/** The whole card leads there. */
const COVERS = "block truncate rounded text-sm font-medium after:absolute after:inset-0 after:rounded-xl focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-accent";

function Own({ mayEdit }: { mayEdit: boolean }) {
  const list = useQuery(templatesQuery);
  if (list.error) return <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isPending) return <Wait />;
  if (list.data.length === 0)
    return (
      <Empty
        icon={<Palette />}
        title="Keep the first look"
        about="A template is a style with a name. Design one here, or save the style of a code that you like."
        action={<NewTemplate why={mayEdit ? undefined : VIEWER} />}
        curl={`curl ${location.origin}/v1/templates \\\n  -H "Authorization: Bearer $TESSERA_KEY" \\\n  --json '{"name": "House style", "style": {"dotsOptions": {"type": "rounded", "color": "#0f766e"}}}'`}
      />
    );
  return (
    <ul aria-label="Templates" className={GRID}>
      {list.data.map((template) => (
        <Look
          key={template.id}
          style={template.style as Style}
          about={<><span className="max-sm:sr-only">Changed </span><RelativeTime at={template.updated_at} /></>}
          menu={<TemplateMenu template={template} mayEdit={mayEdit} />}
          name={
            mayEdit ? (
              <Go to="/templates/$id" params={{ id: template.id }} className={COVERS}>
                {template.name}
              </Go>
            ) : (
              <p className="truncate text-sm font-medium">{template.name}</p>
            )
          }
        />
      ))}
    </ul>
  );
}

type Asks = "apply" | "rename" | "delete" | null;

function TemplateMenu({ template, mayEdit }: { template: Template; mayEdit: boolean }) {
  const [asks, setAsks] = useState<Asks>(null);
  const navigate = useNavigate();
  const close = () => setAsks(null);
  if (!mayEdit) return null;
  return (
    <>
      <Menu
        entries={[
          { label: "New code with it", icon: <QrCode />, run: () => void navigate({ to: "/qr-codes/new", search: { template: template.id } }) },
          { label: "Apply to codes", icon: <Paintbrush />, run: () => setAsks("apply") },
          "line",
          { label: "Edit design", icon: <Pencil />, run: () => void navigate({ to: "/templates/$id", params: { id: template.id } }) },
          { label: "Rename", icon: <TextCursorInput />, run: () => setAsks("rename") },
          { label: "Duplicate", icon: <CopyPlus />, run: () => void duplicateTemplate(template) },
          "line",
          { label: "Delete", icon: <Trash2 />, isDanger: true, run: () => setAsks("delete") },
        ]}
      >
        <IconButton label={`Actions for ${template.name}`} size="icon-sm">
          <Ellipsis />
        </IconButton>
      </Menu>
      {asks === "apply" && <ApplyToCodes template={template} onClose={close} />}
      {asks === "rename" && <Rename template={template} onClose={close} />}
      <Confirm isOpen={asks === "delete"} onClose={close} title={`Delete ${template.name}?`} does="Delete template" run={() => removeTemplate(template)}>
        <p>Codes that were made with it keep their looks. This cannot be undone.</p>
      </Confirm>
    </>
  );
}

function Rename({ template, onClose }: { template: Template; onClose: () => void }) {
  // By the time an undo is offered, the template has its new name.
  const [before] = useState(template.name);
  const form = useForm({ name: template.name }, ({ name }) => changeTemplate(template.id, { name: name.trim() }), (_, { name }) => {
    toast("Template renamed", { undo: () => void changeTemplate(template.id, { name: before }), detail: name });
    onClose();
  });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Rename template"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" isBusy={form.isSending} why={form.isDirty ? undefined : "Nothing is changed yet."} onClick={form.submit}>
            Rename
          </Button>
        </>
      }
    >
      <FormBody of={form} className="flex flex-col gap-3">
        <Field label="Name" wrong={form.wrong("name")}>
          <Input name="name" value={form.values.name} onChange={(event) => form.set("name", event.target.value)} autoFocus />
        </Field>
      </FormBody>
    </Dialog>
  );
}

function Presets({ mayEdit }: { mayEdit: boolean }) {
  const list = useQuery(presetsQuery);
  const keep = async (name: string, style: Style) => {
    const made = await createTemplate(inWords(name), style);
    toast("Template made", { detail: `${made.name} is among your templates.` });
  };
  if (list.error) return <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isPending) return <Wait />;
  return (
    <ul aria-label="Presets" className={GRID}>
      {list.data.map(({ name, style }) => (
        <Look
          key={name}
          style={style as Style}
          name={
            mayEdit ? (
              <Go to="/qr-codes/new" search={{ preset: name }} className={COVERS}>
                {inWords(name)}
              </Go>
            ) : (
              <p className="truncate text-sm font-medium">{inWords(name)}</p>
            )
          }
          about={mayEdit ? "New code with it" : undefined}
          menu={
            mayEdit ? (
              <Menu entries={[{ label: "Keep as template", icon: <Palette />, run: () => void keep(name, style as Style) }]}>
                <IconButton label={`Actions for ${inWords(name)}`} size="icon-sm">
                  <Ellipsis />
                </IconButton>
              </Menu>
            ) : undefined
          }
        />
      ))}
    </ul>
  );
}

function Logos({ mayEdit }: { mayEdit: boolean }) {
  const list = useQuery(logosQuery);
  const [asks, setAsks] = useState<Logo | null>(null);
  return (
    <div className="flex flex-col gap-4">
      <LogoUpload why={mayEdit ? undefined : VIEWER} onMade={(logo) => toast("Logo kept", { detail: `${logo.name}, ${compact(Math.ceil(logo.bytes / 1000))} kB` })} />
      {list.error ? (
        <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Wait />
      ) : list.data.length === 0 ? (
        <Empty icon={<Images />} title="No logos yet" about="Upload one, and every design can use it. It is looked through and written anew: no scripts, no metadata." curl={`curl "${location.origin}/v1/logos?name=Tile" \\\n  -H "Authorization: Bearer $TESSERA_KEY" \\\n  -H "Content-Type: image/svg+xml" --data-binary @tile.svg`} />
      ) : (
        <ul aria-label="Logos" className={GRID}>
          {list.data.map((logo) => (
            <li key={logo.id} className="flex min-w-0 flex-col rounded-xl border border-line bg-surface">
              <div className="m-3 mb-0 grid h-32 place-items-center rounded-lg bg-sunken p-3">
                <ApiImage path={`/v1/logos/${logo.id}/image`} queryKey={["logos", "image", logo.id]} label="" className="h-24 w-32 border-0! bg-transparent!" />
              </div>
              <div className="flex items-start gap-1 px-3 py-2.5">
                <div className="min-w-0 flex-1">
                  <p className="truncate text-sm font-medium">{logo.name}</p>
                  <p className="truncate text-xs text-ink-3">
                    {logo.width_px} × {logo.height_px}, {logo.media_type.replace("image/", "").replace("+xml", "").toUpperCase()}
                  </p>
                </div>
                {mayEdit && (
                  <IconButton label={`Delete ${logo.name}`} size="icon-sm" className="-mt-0.5 -mr-1.5" onClick={() => setAsks(logo)}>
                    <Trash2 />
                  </IconButton>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      <Confirm isOpen={asks !== null} onClose={() => setAsks(null)} title={`Delete ${asks?.name ?? "logo"}?`} does="Delete logo" run={() => (asks ? removeLogo(asks) : Promise.resolve())}>
        <p>It is gone for good. If a code or a template uses it, the server says so and keeps it.</p>
      </Confirm>
    </div>
  );
}
