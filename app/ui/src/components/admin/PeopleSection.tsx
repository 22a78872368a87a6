import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';

import { adminKeys, listPeople } from '../../api/admin';
import { messageOf } from '../../api/errors';
import { ErrorMessage } from '../ErrorMessage';
import { Loader } from '../Loader';
import { AdminFrame } from './AdminFrame';
import { PageSteps } from '../PageSteps';
import { PersonRow } from './PersonRow';

/** User accounts: search by name or email, disable, enable, and set individual limits. */
export default function PeopleSection() {
  const [typed, setTyped] = useState('');
  const [page, setPage] = useState(1);
  const words = useDeferredValue(typed.trim());
  const people = useQuery({
    queryKey: adminKeys.people(words, page),
    queryFn: ({ signal }) => listPeople(words, page, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <AdminFrame title="People" lead="A disabled person cannot log in, and is logged out everywhere. Nothing of theirs is deleted.">
      <label className="block max-w-md">
        <span className="mb-1.5 block text-sm font-semibold">Search by name or email</span>
        <input
          type="search"
          dir="auto"
          autoComplete="off"
          maxLength={100}
          value={typed}
          onChange={({ target }) => {
            setTyped(target.value);
            setPage(1);
          }}
          className="input"
        />
      </label>
      {people.isPending && <Loader label="Loading people" />}
      {people.isError && <ErrorMessage onRetry={() => void people.refetch()}>{messageOf(people.error)}</ErrorMessage>}
      {people.data && (
        <>
          <p role="status" className="text-sm text-muted">
            {foundWords(people.data.pagination.total, words)}
          </p>
          {people.data.users.length > 0 && (
            <ul className="card divide-y divide-line">
              {people.data.users.map((person) => (
                <PersonRow key={person.id} person={person} />
              ))}
            </ul>
          )}
          <PageSteps pages={people.data.pagination} onPage={setPage} />
        </>
      )}
    </AdminFrame>
  );
}

function foundWords(total: number, words: string): string {
  if (total === 0) return words ? `Nobody matches “${words}”.` : 'Nobody has an account yet.';
  return total === 1 ? '1 person' : `${total.toLocaleString('en')} people`;
}
