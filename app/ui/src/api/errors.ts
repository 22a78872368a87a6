/** The errors that requests throw. Each `message` can be shown to users. */

export interface FieldError {
  field: string;
  message: string;
}

/** The server responded with an error envelope, or with an unknown body such as a proxy's error page. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly fieldErrors: FieldError[];
  readonly requestId: string | null;

  constructor(
    message: string,
    details: { status: number; code?: string; fieldErrors?: FieldError[]; requestId?: string | null },
  ) {
    super(message);
    this.status = details.status;
    this.code = details.code ?? 'unknown';
    this.fieldErrors = details.fieldErrors ?? [];
    this.requestId = details.requestId ?? null;
  }
}

/** No response: no network, the server is down, or a timeout. */
export class NetworkError extends Error {
  override name = 'NetworkError';
}

/** Whether a retry may succeed. */
export function isPassing(error: unknown): boolean {
  if (error instanceof NetworkError) return true;
  return error instanceof ApiError && (error.status >= 500 || error.status === 429);
}

/** Returns the message to show for any thrown value. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiError || error instanceof NetworkError) return error.message;
  return 'Something went wrong. Please try again.';
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof ApiError && error.status === status;
}

interface ErrorEnvelope {
  message?: unknown;
  code?: unknown;
  errors?: unknown;
  requestId?: unknown;
}

function isFieldError(value: unknown): value is FieldError {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as FieldError).field === 'string' &&
    typeof (value as FieldError).message === 'string'
  );
}

const WITHOUT_ENVELOPE: Record<number, string> = {
  413: 'That is more than the server takes in one request.',
  429: 'Too many requests. Please wait a moment.',
  502: 'The server is not reachable right now. Please try again.',
  503: 'The server is not available right now. Please try again.',
  504: 'The server took too long. Please try again.',
};

/** Returns the error for an unsuccessful response; a proxy's HTML page gets a readable message, too. */
export function errorFrom(status: number, body: unknown): ApiError {
  const envelope: ErrorEnvelope = typeof body === 'object' && body !== null ? body : {};
  const message =
    typeof envelope.message === 'string' && envelope.message !== ''
      ? envelope.message
      : (WITHOUT_ENVELOPE[status] ?? 'The server sent an answer that cannot be used. Please try again.');
  return new ApiError(message, {
    status,
    code: typeof envelope.code === 'string' ? envelope.code : undefined,
    fieldErrors: Array.isArray(envelope.errors) ? envelope.errors.filter(isFieldError) : [],
    requestId: typeof envelope.requestId === 'string' ? envelope.requestId : null,
  });
}
