import { useQueryClient } from '@tanstack/react-query';

import { createTemplate, deleteTemplate, templateKeys, type Template } from '../api/templates';
import { useUser } from '../contexts/auth';
import { useNotices } from '../contexts/notices';
import { moveDrafts } from '../lib/drafts';
import { templatePlace, templateValuesPlace } from '../lib/templatePlaces';
import { useTurns } from './useTurns';

/** Copies and deletes templates, with notices; deletion has Undo. */
export function useTemplateActions() {
  const queries = useQueryClient();
  const notices = useNotices();
  const { id: userId } = useUser();
  const { busy, next } = useTurns<string>();

  const act = async <T>(id: string, what: () => Promise<T>): Promise<T | null> => {
    const result = await next(id, what);
    await queries.invalidateQueries({ queryKey: templateKeys.all });
    return result;
  };

  const duplicate = (template: Template) => act(template.id, () => createTemplate({ ...fieldsOf(template), name: copyName(template.name) }));

  const remove = async (template: Template): Promise<boolean> => {
    const done = await act(template.id, () => deleteTemplate(template.id).then(() => true));
    if (done === null) return false;
    const undo = async () => {
      const made = await act(template.id, () => createTemplate(fieldsOf(template)));
      // It has another id, and what was typed goes with it.
      if (made) for (const place of [templatePlace, templateValuesPlace]) moveDrafts({ userId, text: place(template.id) }, { userId, text: place(made.id) });
    };
    notices.show({ subject: template.name, text: 'was deleted.', action: { label: 'Undo', run: () => void undo() } });
    return true;
  };

  return { busy, duplicate, remove };
}

function fieldsOf({ name, contentType, title, prompt, brief }: Template) {
  return { name, contentType, title, prompt, brief };
}

const LONGEST_NAME = 80;

function copyName(name: string): string {
  return `${Array.from(name).slice(0, LONGEST_NAME - 7).join('')} (copy)`;
}
