import type { ReactNode } from 'react';

/** Line icons on a 20 × 20 grid, in the colour of the surrounding text. Decorative: hidden from screen readers. */
export function Icon({ children, className = 'size-5' }: { children: ReactNode; className?: string }) {
  return (
    <svg
      viewBox="0 0 20 20"
      className={`${className} shrink-0`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export interface IconProps {
  className?: string;
}

export const PlusIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M10 4v12M4 10h12" />
  </Icon>
);

export const CloseIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m5.5 5.5 9 9m0-9-9 9" />
  </Icon>
);

export const ArrowLeftIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M16 10H4m5-5-5 5 5 5" />
  </Icon>
);

export const ChevronDownIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m5.5 8 4.5 4.5L14.5 8" />
  </Icon>
);

export const ChevronRightIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m8 5.5 4.5 4.5L8 14.5" />
  </Icon>
);

export const ChevronLeftIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M12 5.5 7.5 10l4.5 4.5" />
  </Icon>
);

export const CheckIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m4.5 10.5 3.5 3.5 7.5-8" />
  </Icon>
);

export const CircleIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="10" cy="10" r="5.5" />
  </Icon>
);

export const CopyIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="7" y="7" width="9" height="9.5" rx="2" />
    <path d="M4.5 12.5A1.5 1.5 0 0 1 4 11.4V5.5a2 2 0 0 1 2-2h5c.4 0 .8.2 1.1.5" />
  </Icon>
);

export const DownloadIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M10 3.5v9m-3.5-3.4 3.5 3.5 3.5-3.5M4 16.5h12" />
  </Icon>
);

export const AlertIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="10" cy="10" r="6.5" />
    <path d="M10 6.8v3.7m0 2.7v.01" />
  </Icon>
);

export const LogOutIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M8 16.5H5.5a1.5 1.5 0 0 1-1.5-1.5V5a1.5 1.5 0 0 1 1.5-1.5H8M12.5 13.5 16 10l-3.5-3.5M16 10H8" />
  </Icon>
);

export const BlogIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M5.5 3.5h9v13h-9zM8 7h4M8 10h4M8 13h2" />
  </Icon>
);

export const ProductIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="m10 3.5 6 3v7l-6 3-6-3v-7zM4 6.5l6 3 6-3M10 9.5v7" />
  </Icon>
);

export const SocialIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3.5 5.5a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H9l-3.5 3v-3a2 2 0 0 1-2-2zM7 7.2h6M7 9.9h3.5" />
  </Icon>
);

export const EyeIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M2.5 10s2.7-5 7.5-5 7.5 5 7.5 5-2.7 5-7.5 5-7.5-5-7.5-5z" />
    <circle cx="10" cy="10" r="2.2" />
  </Icon>
);

export const EyeOffIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M8.2 5.2A7.7 7.7 0 0 1 10 5c4.8 0 7.5 5 7.5 5s-.7 1.3-2 2.6m-2.2 1.6A7 7 0 0 1 10 15c-4.8 0-7.5-5-7.5-5s1.1-2.1 3.2-3.6M3.5 3.5l13 13" />
  </Icon>
);

export const CheckedIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="3.5" y="3.5" width="13" height="13" rx="2.5" />
    <path d="m6.5 10.5 2.5 2.5 4.5-5.5" />
  </Icon>
);

export const UncheckedIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="3.5" y="3.5" width="13" height="13" rx="2.5" />
  </Icon>
);

export const LibraryIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M4 4.5h3v11H4zM8.5 4.5h3v11h-3zM13 5.2l2.8-.7 2.2 10.6-2.8.7z" />
  </Icon>
);

export const SearchIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="9" cy="9" r="5" />
    <path d="m13 13 3.5 3.5" />
  </Icon>
);

export const KeyboardIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="2.5" y="5.5" width="15" height="9" rx="1.5" />
    <path d="M5.5 8.5h0M8.5 8.5h0M11.5 8.5h0M14.5 8.5h0M6.5 11.5h7" />
  </Icon>
);

export const WarningIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M10 3.5 17.5 16h-15zM10 8.5v3.5M10 14h0" />
  </Icon>
);

export const SettingsIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3.5 6H9m4.5 0h3M3.5 14h3m4.5 0h5.5" />
    <circle cx="11.25" cy="6" r="2.25" />
    <circle cx="8.75" cy="14" r="2.25" />
  </Icon>
);

export const KeyIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="6.75" cy="13.25" r="3.25" />
    <path d="m9.25 10.75 7-7m-3 3 2.5 2.5" />
  </Icon>
);

export const ContrastIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="10" cy="10" r="6.5" />
    <path d="M10 3.5v13a6.5 6.5 0 0 0 0-13Z" fill="currentColor" />
  </Icon>
);

export const ChartIcon = (props: IconProps) => (
  <Icon {...props}>
    <path d="M3.5 16.5h13M6 13.5v-4M10 13.5v-9M14 13.5v-6" />
  </Icon>
);

export const PeopleIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="7.5" cy="7" r="2.75" />
    <path d="M2.5 16c0-2.75 2.25-4.5 5-4.5s5 1.75 5 4.5M13 4.75a2.5 2.5 0 0 1 0 4.5M14.5 11.9c1.8.6 3 2.1 3 4.1" />
  </Icon>
);

export const MoreIcon = (props: IconProps) => (
  <Icon {...props}>
    <circle cx="4.5" cy="10" r="1" />
    <circle cx="10" cy="10" r="1" />
    <circle cx="15.5" cy="10" r="1" />
  </Icon>
);

export const TableIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="3" y="4" width="14" height="12" rx="1.5" />
    <path d="M3 8h14M3 12h14M8 8v8" />
  </Icon>
);

export const TemplateIcon = (props: IconProps) => (
  <Icon {...props}>
    <rect x="3" y="3.5" width="14" height="4.5" rx="1" />
    <path d="M3.5 11.5h6m-6 4h6" />
    <rect x="12" y="11" width="5" height="5.5" rx="1" />
  </Icon>
);
