/** Where the drafts of a template are kept; see DraftPlace. */

export const NEW_TEMPLATE = 'template/new';

/** An edit of a stored template. */
export function templatePlace(id: string): string {
  return `template/${id}`;
}

/** A new template made from the request of a text. */
export function templateFromTextPlace(contentId: string): string {
  return `template/from/${contentId}`;
}

/** The values of a template's variables. */
export function templateValuesPlace(id: string): string {
  return `template/${id}/use`;
}
