// A small picture before a value, where one is known at a glance: kinds of devices and sources, letters of countries.
import { AtSign, Bot, Clapperboard, Gamepad2, Handshake, Link2, Mail, Megaphone, MessageCircle, Monitor, MousePointerClick, QrCode, Search, Share2, Smartphone, Sparkles, Tablet, Tag, Tv, Users, Watch, type LucideIcon } from "lucide-react";
import type { Dimension, Value } from "./filters";

const ICONS: Partial<Record<Dimension, Record<string, LucideIcon>>> = {
  device: { desktop: Monitor, mobile: Smartphone, tablet: Tablet, tv: Tv, console: Gamepad2, wearable: Watch, robot: Bot },
  channel: { direct: MousePointerClick, search: Search, social: Users, email: Mail, ai: Sparkles, video: Clapperboard, messaging: MessageCircle, paid: Megaphone, affiliate: Handshake, referral: Share2, campaign: AtSign, qr: QrCode },
  trigger: { qr: QrCode, link: Link2 },
};

export function ValueIcon({ by, value }: { by: Dimension; value: Value }) {
  if (value === null) return null;
  const code = by === "country" ? value : by === "city" || by === "region" ? /^([A-Z]{2})-|, ([A-Z]{2})$/.exec(value)?.slice(1).find(Boolean) : undefined;
  if (code) return <span aria-hidden className="w-5 shrink-0 text-2xs font-medium text-ink-3">{code}</span>;
  const Icon = by === "tag" ? Tag : ICONS[by]?.[value];
  return Icon ? <Icon aria-hidden className="size-3.5 shrink-0 text-ink-3" /> : null;
}
