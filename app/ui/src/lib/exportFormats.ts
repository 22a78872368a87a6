/** The export formats, by the server's names. */
export const EXPORT_FORMATS = [
  { format: 'docx', label: 'Word' },
  { format: 'html', label: 'HTML' },
  { format: 'md', label: 'Markdown' },
  { format: 'txt', label: 'Plain text' },
  { format: 'json', label: 'JSON' },
] as const;

export type ExportFormat = (typeof EXPORT_FORMATS)[number]['format'];
