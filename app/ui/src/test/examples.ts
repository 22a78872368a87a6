import type { Template } from '../api/templates';
import type { Content, ListedContent, User } from '../api/types';

export const ada: User = { id: 'user-1', email: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace', fullName: 'Ada Lovelace' };

export function exampleContent(changes: Partial<Content> = {}): Content {
  return {
    id: 'content-1',
    userId: ada.id,
    title: 'Balcony tomatoes',
    contentType: 'blog',
    prompt: 'How to grow tomatoes on a balcony',
    generatedText: '',
    status: 'draft',
    jobId: 'job-1',
    generationStatus: 'pending',
    failureReason: null,
    dueAt: '2026-11-22T12:00:00Z',
    attempt: 0,
    maxAttempts: 3,
    createdAt: '2026-11-22T12:00:00Z',
    updatedAt: '2026-11-22T12:00:00Z',
    ...changes,
  };
}

export function exampleTemplate(changes: Partial<Template> = {}): Template {
  return {
    id: 'product-short',
    name: 'Product (short)',
    contentType: 'product',
    title: '{{product_name}}',
    prompt: 'Describe {{product_name}}: {{features}}',
    brief: null,
    variables: ['product_name', 'features'],
    builtIn: true,
    updatedAt: null,
    ...changes,
  };
}

export function examplePage(contents: ListedContent[], total = contents.length) {
  return { contents, pagination: { total, page: 1, totalPages: Math.ceil(total / 10), limit: 10 } };
}
