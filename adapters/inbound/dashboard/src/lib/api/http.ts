/** One way to the server: JSON in and out, the session's CSRF token, problems as errors. */

export interface FieldProblem {
  field: string;
  reason: string;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly fields: FieldProblem[] = [],
    readonly retryAfterS: number | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }

  /** The reasons of one field; "circle.radius_m" also answers to "circle". */
  of(field: string): string | undefined {
    return this.fields.find((f) => f.field === field || f.field.startsWith(`${field}.`))?.reason;
  }
}

let csrfToken = '';
let onSignedOut = () => {};

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export type Query = Record<string, string | number | null | undefined>;

export async function request<T>(
  method: string,
  path: string,
  { body, query, signal }: { body?: unknown; query?: Query; signal?: AbortSignal } = {},
): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET') headers['X-CSRF-Token'] = csrfToken;

  let answer: Response;
  try {
    answer = await fetch(`/api/v1${path}${queryString(query)}`, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      signal,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError(0, 'The server cannot be reached. Check the connection and try again.');
  }
  if (answer.ok) {
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }
  // A 401 of the session itself is an answer; elsewhere it means that the session has ended.
  if (answer.status === 401 && path !== '/session') onSignedOut();
  throw await problem(answer);
}

function queryString(query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) params.set(name, String(value));
  }
  const text = params.toString();
  return text ? `?${text}` : '';
}

async function problem(answer: Response): Promise<ApiError> {
  const retryAfter = Number(answer.headers.get('Retry-After'));
  let message = `The server answered ${answer.status}.`;
  let fields: FieldProblem[] = [];
  try {
    const body = (await answer.json()) as {
      title?: string;
      detail?: string;
      errors?: FieldProblem[];
    };
    message = body.detail || body.title || message;
    fields = body.errors ?? [];
  } catch {
    // Not a problem document, for example from a proxy in between: the status has to do.
  }
  return new ApiError(answer.status, message, fields, retryAfter > 0 ? retryAfter : null);
}
