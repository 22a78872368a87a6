/** The request and response types of the HTTP API; see the server's reference. */

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
  /** Only present for operators. */
  role?: 'admin';
}

export const APPEARANCES = ['system', 'light', 'dark'] as const;
export type Appearance = (typeof APPEARANCES)[number];

/** Appearance and defaults for new texts. Null or missing fields were never chosen. */
export interface Preferences {
  appearance?: Appearance | null;
  contentType?: string | null;
  tone?: string | null;
  language?: string | null;
}

/** An authenticated user. The refresh token is in a cookie that this code cannot read. */
export interface Session {
  user: User;
  access_token: string;
}

/** The requirements for a text; contains only the given fields. `language` is a BCP 47 tag. */
export interface Brief {
  audience?: string;
  tone?: string;
  language?: string;
  words?: number;
  keywords?: string[];
  avoid?: string[];
  points?: string[];
}

/** A range in a text, in Unicode code points; `end` is exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** The result of one check. `spans` are the first hundred of `count` places; `passed` is null if not applicable. */
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
  /** The machine-readable reason. Stable when the wording changes. */
  failureCode?: string | null;
  /** The reason for the next attempt, while the generation waits for it. */
  retryReason?: string | null;
  /** The number of the user's generations ahead of this one, while it is pending. */
  position?: number | null;
  /** The model that wrote the newest text. */
  model?: string | null;
  /** When the generation, or its next attempt, is due (ISO 8601). */
  dueAt?: string | null;
  /** The number of started attempts. */
  attempt?: number;
  maxAttempts?: number | null;
  createdAt: string;
  updatedAt: string;
  brief?: Brief | null;
  /** Incremented by every edit, finished generation, trashing and restoring; sent as `If-Match`. */
  revision?: number;
  /** Number of the newest version; 0 before there is one. */
  version?: number;
  /** The number of visible words; null if not counted yet. */
  words?: number | null;
  /** null while there is no text; without `spans` in lists. */
  checks?: Finding[] | null;
  tags?: string[];
  /** The batch it belongs to, or null. */
  batchId?: string | null;
}

/** A content as lists have it. */
export interface ListedContent extends Content {
  /** true if only the beginning of a long text is there. */
  truncated?: boolean;
}

export interface ContentRequest {
  title: string;
  contentType: ContentType;
  prompt: string;
  brief?: Brief;
  /** "now" or an ISO 8601 time; by default after the configured delay. */
  runAt?: string;
  /** The title is provisional: the first heading of the text replaces it. */
  autoTitle?: boolean;
}

export type ContentChanges = Partial<Pick<Content, 'title' | 'contentType' | 'prompt' | 'generatedText' | 'status'>>;

/** A text to be stored as it is, without a generation. */
export type NewContent = Pick<Content, 'title' | 'contentType' | 'prompt' | 'generatedText'> & { brief?: Brief; tags?: string[] };

export const SORTS = ['newest', 'oldest', 'updated', 'title'] as const;
export type Sort = (typeof SORTS)[number];

export interface ContentFilters {
  page: number;
  /** The page size; null for the default. */
  size: number | null;
  /** Searched for in title, prompt and text. */
  q: string | null;
  tag: string | null;
  /** Only the texts of this batch. */
  batchId: string | null;
  sort: Sort | null;
  trash: boolean | null;
  /** The cursor of a page of search results, instead of its number. */
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

/** The position of a page. Search results have neither a total nor page numbers. */
export type ListPagination = Partial<Omit<Pagination, 'limit'>> & Pick<Pagination, 'limit'> & { nextCursor?: string | null };

export interface ContentPage {
  contents: ListedContent[];
  pagination: ListPagination;
}

export interface JobStatus {
  jobId: string;
  status: GenerationStatus;
  failureReason?: string;
  content?: Content;
}
