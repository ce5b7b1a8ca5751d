// Making and changing a link. The short address and the place of arrival are shown while one types.
import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { api, must } from "@/api/client";
import { queryClient, tagsQuery } from "@/api/queries";
import { CodeBlock, CopyField } from "@/components/copy";
import { FormBody } from "@/components/page";
import { TagField } from "@/components/tag-field";
import { Button } from "@/components/ui/button";
import { Switch } from "@/components/ui/checks";
import { Drawer } from "@/components/ui/dialog";
import { Affixed, Field, Input, Select, TextArea } from "@/components/ui/field";
import { toast } from "@/components/ui/toast";
import { useForm } from "@/lib/form";
import { arrival, bind, changeOf, newLink, UTM, valuesOf, type LinkForm } from "./fields";
import { QrDownloads, QrImage } from "./qr";
import { bare, type Link } from "./queries";
import { hasRules } from "./rules";
import { RulesFields } from "./rules-fields";

export function LinkDrawer({ isOpen, link, onClose }: { isOpen: boolean; link: Link | undefined; onClose: () => void }) {
  return isOpen ? <OpenDrawer key={link?.id ?? "new"} link={link} onClose={onClose} /> : null;
}

function OpenDrawer({ link, onClose }: { link: Link | undefined; onClose: () => void }) {
  const [made, setMade] = useState<Link>();
  const form = useForm(
    valuesOf(link),
    (values) =>
      link
        ? must(api.PATCH("/v1/links/{id}", { params: { path: { id: link.id } }, body: changeOf(values, link) }))
        : must(api.POST("/v1/links", { body: newLink(values) })),
    (answer) => {
      void queryClient.invalidateQueries({ queryKey: ["links"] });
      void queryClient.invalidateQueries({ queryKey: ["tags"] });
      if (!link) return setMade(answer);
      toast("Link changed", { detail: "It acts on the next visit." });
      onClose();
    },
  );
  const body = useRef<HTMLDivElement>(null);
  // To the first field that was refused, also where it is folded away.
  const { refused } = form;
  useEffect(() => {
    const field = refused && body.current?.querySelector<HTMLElement>("[aria-invalid=true]");
    field?.closest("details")?.setAttribute("open", "");
    field?.focus();
  }, [refused]);
  if (made) return <Made link={made} onClose={onClose} onAnother={() => (setMade(undefined), form.reset(valuesOf(undefined)))} />;
  return (
    <Drawer
      isOpen
      onClose={onClose}
      isDirty={form.isDirty}
      title={link ? "Edit link" : "Create a link"}
      about={link ? bare(link.short_url) : undefined}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" isBusy={form.isSending} why={link && !form.isDirty ? "Nothing is changed yet." : undefined} onClick={form.submit}>
            {link ? "Save" : "Create link"}
          </Button>
        </>
      }
    >
      <div ref={body}>
        <FormBody of={form} className="flex flex-col gap-4">
          <Fields form={form} link={link} />
          <button type="submit" hidden />
        </FormBody>
      </div>
    </Drawer>
  );
}

function Fields({ form, link }: { form: LinkForm; link: Link | undefined }) {
  const { values, wrong } = form;
  const tags = useQuery(tagsQuery);
  const domain = link?.domain ?? location.host;
  const isRuled = hasRules(values);
  return (
    <>
      {link?.destination_url !== null && <Field label="Destination" wrong={wrong("destination_url")} hint="Where people end up. You can change it later, also when it is printed.">
        <Input {...bind(form, "destination_url")} type="url" inputMode="url" placeholder="https://example.com/spring-menu" autoFocus={!link} />
      </Field>}
      <Field
        label="Short link"
        isOptional
        wrong={wrong("alias")}
        hint={values.alias && link && values.alias !== link.alias ? `${link.domain}/${link.alias} stops working when you save.` : values.alias ? undefined : "Left empty: seven characters that cannot be mistaken for others."}
      >
        <Affixed before={`${domain}/`}>
          <Input {...bind(form, "alias")} placeholder="spring" spellCheck={false} />
        </Affixed>
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Title" isOptional wrong={wrong("title")}>
          <Input {...bind(form, "title")} placeholder="Spring menu" />
        </Field>
        <Field label="Tags" isOptional wrong={wrong("tags")}>
          <TagField value={values.tags} onChange={(next) => form.set("tags", next)} known={tags.data?.map((one) => one.tag) ?? []} />
        </Field>
      </div>
      <UtmFields form={form} />
      <LimitFields form={form} link={link} />
      {link?.destination_url !== null && (
        <Section title="Who goes elsewhere" aside={isRuled ? "on" : undefined} isOpen={isRuled}>
          <RulesFields form={form} />
        </Section>
      )}
      <Section title="More" isOpen={values.notes !== "" || values.redirect_status !== "302" || values.forward_query}>
        <Field label="Redirect" wrong={wrong("redirect_status")} hint={isRuled ? "Visitors go to different places, so this link always answers 302." : "What browsers and search engines are told. No kind is cached, so any can be changed."}>
          <Select {...bind(form, "redirect_status")}>
            <option value="302">302 Found</option>
            <option value="301">301 Moved permanently</option>
            <option value="307">307 Temporary redirect</option>
            <option value="308">308 Permanent redirect</option>
          </Select>
        </Field>
        <Switch label="Hand on the visitor's parameters" hint="?ref=1 behind the short link reaches the destination." checked={values.forward_query} onCheckedChange={(on) => form.set("forward_query", on)} />
        <Field label="Notes" isOptional wrong={wrong("notes")}>
          <TextArea {...bind(form, "notes")} />
        </Field>
      </Section>
    </>
  );
}

const UTM_WORDS: Record<(typeof UTM)[number], [string, string]> = {
  utm_source: ["Source", "newsletter"],
  utm_medium: ["Medium", "email"],
  utm_campaign: ["Campaign", "spring"],
  utm_term: ["Term", "flat white"],
  utm_content: ["Content", "header"],
};

function UtmFields({ form }: { form: LinkForm }) {
  const isUsed = UTM.some((name) => form.values[name] !== "");
  const where = arrival(form.values);
  return (
    <Section title="UTM builder" aside={isUsed ? "on" : undefined} isOpen={isUsed}>
      <div className="grid gap-3 sm:grid-cols-2">
        {UTM.map((name) => (
          <Field key={name} label={UTM_WORDS[name][0]} wrong={form.wrong(name)}>
            <Input {...bind(form, name)} placeholder={UTM_WORDS[name][1]} />
          </Field>
        ))}
      </div>
      {isUsed && where && (
        <div>
          <p className="mb-1 text-xs text-ink-2">Visitors arrive at</p>
          <CodeBlock code={where} label="address of arrival" />
        </div>
      )}
    </Section>
  );
}

function LimitFields({ form, link }: { form: LinkForm; link: Link | undefined }) {
  const { values, wrong } = form;
  const isUsed = Boolean(values.starts_at || values.expires_at || values.max_clicks || link?.has_password);
  return (
    <Section title="Limits and password" aside={isUsed ? "on" : undefined} isOpen={isUsed}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Begins" isOptional wrong={wrong("starts_at")}>
          <Input {...bind(form, "starts_at")} type="datetime-local" />
        </Field>
        <Field label="Expires" isOptional wrong={wrong("expires_at")}>
          <Input {...bind(form, "expires_at")} type="datetime-local" />
        </Field>
        <Field label="Clicks at most" isOptional wrong={wrong("max_clicks")}>
          <Input {...bind(form, "max_clicks")} type="number" min={1} inputMode="numeric" />
        </Field>
        <Field label="Password" isOptional wrong={wrong("password")}>
          {link?.has_password && values.password === null ? (
            <div className="flex gap-2">
              <Button onClick={() => form.set("password", " ")}>Change</Button>
              <Button onClick={() => form.set("password", "")}>Remove</Button>
            </div>
          ) : (
            <Input type="password" autoComplete="new-password" value={values.password?.trimStart() ?? ""} placeholder={link?.has_password ? "None: it will be removed" : undefined} onChange={(event) => form.set("password", event.target.value)} />
          )}
        </Field>
      </div>
      <Field label="After that" isOptional wrong={wrong("expired_url")} hint="Where visitors go once it is expired or used up. Left empty: a page that says so.">
        <Input {...bind(form, "expired_url")} type="url" placeholder="https://example.com/over" />
      </Field>
    </Section>
  );
}

function Section({ title, aside, isOpen, children }: { title: string; aside?: string | undefined; isOpen: boolean; children: ReactNode }) {
  // Once at the beginning: what somebody folds or unfolds stays so.
  const [wasOpen] = useState(isOpen);
  return (
    <details open={wasOpen} className="group rounded-lg border border-line">
      <summary className="flex h-9 list-none items-center gap-2 rounded-lg px-3 text-sm font-medium hover:bg-hover">
        <ChevronRight className="size-4 text-ink-3 transition-transform group-open:rotate-90" />
        {title}
        {aside && <span className="ml-auto text-xs font-normal text-accent-text">{aside}</span>}
      </summary>
      <div className="flex flex-col gap-3 border-t border-line p-3">{children}</div>
    </details>
  );
}

function Made({ link, onClose, onAnother }: { link: Link; onClose: () => void; onAnother: () => void }) {
  return (
    <Drawer
      isOpen
      onClose={onClose}
      title="Your link works"
      about={link.destination_url ? `It leads to ${bare(link.destination_url)}` : undefined}
      footer={
        <>
          <Button onClick={onAnother}>Create another</Button>
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <CopyField text={link.short_url} label="Short link" />
        <div className="flex flex-col items-center gap-3 rounded-xl border border-line bg-sunken py-6">
          <QrImage id={link.id} label={`QR code of ${link.short_url}`} className="size-48" />
          <QrDownloads link={link} />
        </div>
        <div>
          <p className="mb-1.5 text-xs text-ink-2">Follow it</p>
          <CodeBlock code={`curl -i -A 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0' ${link.short_url}`} label="curl command" />
        </div>
      </div>
    </Drawer>
  );
}
