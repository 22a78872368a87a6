/** What the HTTP API sends and takes; see the server's contract. */

export const CONTENT_TYPES = ['blog', 'product', 'social'] as const;
export type ContentType = (typeof CONTENT_TYPES)[number];

export const PUBLICATION_STATUSES = ['draft', 'published'] as const;
export type PublicationStatus = (typeof PUBLICATION_STATUSES)[number];

export const GENERATION_STATUSES = ['pending', 'processing', 'completed', 'failed', 'cancelled'] as const;
export type GenerationStatus = (typeof GENERATION_STATUSES)[number];

export interface User {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
  fullName: string;
  /** Left out while there are none. */
  preferences?: Preferences;
  /** Only of who operates the server. */
  role?: 'admin';
}

export const APPEARANCES = ['system', 'light', 'dark'] as const;
export type Appearance = (typeof APPEARANCES)[number];

/** How the app looks, and what a new text begins with. What is null or missing was never chosen. */
export interface Preferences {
  appearance?: Appearance | null;
  contentType?: string | null;
  tone?: string | null;
  language?: string | null;
}

/** A person who is logged in; the refresh token travels in a cookie that this code cannot read. */
export interface Session {
  user: User;
  access_token: string;
}

/** What a text should keep; only what was given is there. `language` is a BCP 47 tag. */
export interface Brief {
  audience?: string;
  tone?: string;
  language?: string;
  words?: number;
  keywords?: string[];
  avoid?: string[];
  points?: string[];
}

/** A place in a text, in Unicode code points: from `start` up to, and without, `end`. */
export interface Span {
  start: number;
  end: number;
}

/** What one check says of a text. `spans` are the first hundred of `count` places; `passed` is null if it cannot say. */
export interface Finding {
  check: string;
  passed: boolean | null;
  message: string;
  value?: number | string;
  target?: number | string;
  spans: Span[];
  count: number;
}

export interface Content {
  id: string;
  userId: string;
  title: string;
  contentType: ContentType;
  prompt: string;
  generatedText: string;
  status: PublicationStatus;
  /** null for a piece written by hand, as is `generationStatus`. */
  jobId: string | null;
  generationStatus: GenerationStatus | null;
  failureReason: string | null;
  /** The reason for programs: it stays when the words change. */
  failureCode?: string | null;
  /** Why the next attempt follows, while the generation waits for it. */
  retryReason?: string | null;
  /** How many of one's own generations are ahead, while this one is pending. */
  position?: number | null;
  /** Which model wrote the newest text. */
  model?: string | null;
  /** When the generation, or its next attempt, is due (ISO 8601). */
  dueAt?: string | null;
  /** How many attempts have begun. */
  attempt?: number;
  maxAttempts?: number | null;
  createdAt: string;
  updatedAt: string;
  brief?: Brief | null;
  /** Grows with every edit and with a finished text; sent back as `If-Match`. */
  revision?: number;
  /** Number of the newest version; 0 before there is one. */
  version?: number;
  /** Words as a reader sees them; null where nobody has counted them yet. */
  words?: number | null;
  /** null while there is no text; in lists without their places. */
  checks?: Finding[] | null;
  tags?: string[];
  /** The batch that asked for it; null for what was asked for alone. */
  batchId?: string | null;
}

export interface ContentRequest {
  title: string;
  contentType: ContentType;
  prompt: string;
  brief?: Brief;
  /** "now" or an ISO 8601 time; without it the usual delay. */
  runAt?: string;
  /** The title is provisional: the first heading of the text becomes it. */
  autoTitle?: boolean;
}

export type ContentChanges = Partial<Pick<Content, 'title' | 'contentType' | 'prompt' | 'generatedText' | 'status'>>;

/** A text to be stored as it is, without a generation. */
export type NewContent = Pick<Content, 'title' | 'contentType' | 'prompt' | 'generatedText'> & { brief?: Brief; tags?: string[] };

export const SORTS = ['newest', 'oldest', 'updated', 'title'] as const;
export type Sort = (typeof SORTS)[number];

export interface ContentFilters {
  page: number;
  /** How many texts a page has; null for as many as usual. */
  size: number | null;
  /** Searched for in title, prompt and text. */
  q: string | null;
  tag: string | null;
  sort: Sort | null;
  trash: boolean | null;
  /** Where a page of a search begins, instead of its number. */
  cursor: string | null;
  contentType: ContentType | null;
  status: PublicationStatus | null;
  generationStatus: GenerationStatus | null;
}

export interface Pagination {
  total: number;
  page: number;
  totalPages: number;
  limit: number;
}

/** Where a page of the library is. A search counts nothing: it has neither a total nor numbered pages. */
export type ListPagination = Partial<Omit<Pagination, 'limit'>> & Pick<Pagination, 'limit'> & { nextCursor?: string | null };

export interface ContentPage {
  contents: Content[];
  pagination: ListPagination;
}

export interface JobStatus {
  jobId: string;
  status: GenerationStatus;
  failureReason?: string;
  content?: Content;
}
