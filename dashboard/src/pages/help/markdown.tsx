// Markdown as React: what the guides use of it. HTML in a text is shown as text, so nothing of a guide can run.
import { Link as Go } from "@tanstack/react-router";
import type { Token, Tokens } from "marked";
import { createContext, Fragment, useContext, type ReactNode } from "react";
import { CodeBlock } from "@/components/copy";
import { isGuide, type GuideSlug } from "./guides";
import { anchorOf, arrowsOf, plainText } from "./outline";

const Slug = createContext<GuideSlug>("api-keys");

export const Markdown = ({ slug, tokens }: { slug: GuideSlug; tokens: readonly Token[] }) => (
  <Slug value={slug}>
    {tokens.map((token, at) => (
      <Block key={at} token={token} number={at} />
    ))}
  </Slug>
);

function Block({ token, number }: { token: Token; number: number }): ReactNode {
  switch (token.type) {
    case "heading":
      return <HeadingLine token={token as Tokens.Heading} />;
    case "paragraph":
      return (
        <p className="my-3 text-base text-ink-2">
          <Inline tokens={token.tokens} />
        </p>
      );
    case "code":
      return <Example token={token as Tokens.Code} number={number} />;
    case "list":
      return <ListLines token={token as Tokens.List} />;
    case "table":
      return <TableLines token={token as Tokens.Table} number={number} />;
    case "blockquote":
      return (
        <blockquote className="my-3 border-l-2 border-line-strong pl-4">
          {token.tokens?.map((one, at) => (
            <Block key={at} token={one} number={at} />
          ))}
        </blockquote>
      );
    case "hr":
      return <hr className="my-6 border-line" />;
    case "text":
      return <Inline tokens={token.tokens ?? [token]} />;
    case "space":
      return null;
    default:
      return <p className="my-3 text-base text-ink-2">{token.raw}</p>;
  }
}

const HEADINGS = {
  2: "mt-9 mb-2 text-lg font-semibold tracking-tight",
  3: "mt-6 mb-1.5 text-base font-semibold",
} as const;

function HeadingLine({ token }: { token: Tokens.Heading }) {
  const slug = useContext(Slug);
  // The page has the title.
  if (token.depth === 1) return null;
  const anchor = anchorOf(plainText(token.tokens));
  const H = token.depth === 2 ? "h2" : "h3";
  return (
    <H id={anchor} className={`group scroll-mt-16 ${HEADINGS[token.depth === 2 ? 2 : 3]}`}>
      <Inline tokens={token.tokens} />
      <Go
        to="/help/$slug"
        params={{ slug }}
        hash={anchor}
        aria-label={`Link to ${plainText(token.tokens)}`}
        className="ml-2 rounded font-normal text-ink-3 opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
      >
        #
      </Go>
    </H>
  );
}

function ListLines({ token }: { token: Tokens.List }) {
  const items = token.items.map((item, at) => (
    <li key={at} className="my-1 pl-1">
      {item.tokens.map((one, part) => (
        <Block key={part} token={one} number={part} />
      ))}
    </li>
  ));
  const look = "my-3 flex flex-col pl-5 text-base text-ink-2 marker:text-ink-3";
  return token.ordered ? (
    <ol start={token.start || 1} className={`${look} list-decimal`}>
      {items}
    </ol>
  ) : (
    <ul className={`${look} list-disc`}>{items}</ul>
  );
}

function Example({ token, number }: { token: Tokens.Code; number: number }) {
  const arrows = arrowsOf(token);
  if (arrows.length === 0) return <CodeBlock code={token.text} label={`example ${number}`} className="my-3" />;
  return <Cells number={number} head={["from", "to", "when"]} rows={arrows.map((arrow) => [arrow.from, arrow.to, arrow.when])} />;
}

function TableLines({ token, number }: { token: Tokens.Table; number: number }) {
  const cells = (row: Tokens.TableCell[]) => row.map((cell, at) => <Inline key={at} tokens={cell.tokens} />);
  // A table of two columns is often without names for them.
  const isNamed = token.header.some((cell) => cell.text.trim() !== "");
  return <Cells number={number} head={isNamed ? cells(token.header) : []} rows={token.rows.map(cells)} />;
}

function Cells({ number, head, rows }: { number: number; head: ReactNode[]; rows: ReactNode[][] }) {
  return (
    <div className="my-4 overflow-x-auto rounded-lg border border-line bg-surface" tabIndex={0} role="region" aria-label={`table ${number}`}>
      <table className="w-full text-left text-sm">
        {head.length > 0 && (
          <thead>
            <tr className="border-b border-line bg-sunken/60 text-xs text-ink-2">
              {head.map((cell, at) => (
                <th key={at} scope="col" className="px-3 py-2 font-medium">
                  {cell}
                </th>
              ))}
            </tr>
          </thead>
        )}
        <tbody>
          {rows.map((row, at) => (
            <tr key={at} className="border-b border-line align-top last:border-b-0">
              {row.map((cell, column) => (
                <td key={column} className="min-w-24 px-3 py-2 text-ink-2">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const Inline = ({ tokens }: { tokens: readonly Token[] | undefined }) => tokens?.map((token, at) => <Fragment key={at}>{inline(token)}</Fragment>);

function inline(token: Token): ReactNode {
  switch (token.type) {
    case "strong":
      return (
        <strong className="font-semibold text-ink">
          <Inline tokens={token.tokens} />
        </strong>
      );
    case "em":
      return (
        <em>
          <Inline tokens={token.tokens} />
        </em>
      );
    case "codespan":
      return <code className="rounded-sm border border-line bg-sunken px-1 py-px font-mono text-[0.86em] break-words text-ink">{token.text}</code>;
    case "link":
      return (
        <Reference href={token.href}>
          <Inline tokens={token.tokens} />
        </Reference>
      );
    case "image":
      return <Picture href={token.href} says={token.text} />;
    case "br":
      return <br />;
    case "escape":
    case "text":
      return "tokens" in token ? <Inline tokens={token.tokens} /> : token.text;
    default:
      return token.raw;
  }
}

const LINK = "rounded font-medium text-accent-text underline decoration-accent-text/35 underline-offset-2 hover:decoration-current";
/** Documents that the server has pages of. */
const PAGES: Record<string, string> = { errors: "/docs/errors", scopes: "/docs/scopes" };

const pictures = import.meta.glob<string>("../../../../docs/img/*.webp", { query: "?url", import: "default", eager: true });

/** All of a guide's pictures are of the dashboard in a window of 1440 by 900. */
function Picture({ href, says }: { href: string; says: string }) {
  const from = pictures[href.replace(/^\.\./, "../../../../docs")];
  return from && <img src={from} alt={says} width={1440} height={900} loading="lazy" className="h-auto w-full rounded-lg border border-line" />;
}

/** To another guide, to a page of the server, or out. What lies in the source code only is named and not linked. */
function Reference({ href, children }: { href: string; children: ReactNode }) {
  const here = useContext(Slug);
  if (/^https?:/.test(href))
    return (
      <a href={href} target="_blank" rel="noreferrer" className={LINK}>
        {children}
      </a>
    );
  const [path = "", hash] = href.split("#");
  const name = path.split("/").at(-1)!.replace(/\.md$/, "");
  const page = PAGES[name];
  if (page)
    return (
      <a href={page} className={LINK}>
        {children}
      </a>
    );
  const slug = name === "" ? here : name === "API" ? "api-conventions" : name;
  if (!isGuide(slug)) return <>{children}</>;
  return (
    <Go to="/help/$slug" params={{ slug }} {...(hash ? { hash } : {})} className={LINK}>
      {children}
    </Go>
  );
}
