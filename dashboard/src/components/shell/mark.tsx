// The tiles.
export const Mark = ({ className = "size-5" }: { className?: string }) => (
  <svg aria-hidden viewBox="0 0 24 24" className={`${className} text-accent`} fill="currentColor">
    <rect x="2" y="2" width="9" height="9" rx="2" />
    <rect x="13" y="2" width="9" height="9" rx="2" opacity=".5" />
    <rect x="2" y="13" width="9" height="9" rx="2" opacity=".28" />
    <rect x="13" y="13" width="9" height="9" rx="2" />
  </svg>
);
