import { Logo } from '../components/Logo';
import { MembersFrame } from '../components/MembersFrame';
import { PageMissing } from '../components/PageMissing';
import { useAuth } from '../contexts/auth';

/** The page for unknown URLs; authenticated users keep the navigation. */
export default function NotFound() {
  const { state } = useAuth();
  if (state.status === 'authenticated') {
    return (
      <MembersFrame>
        <div className="py-16 text-center">
          <PageMissing />
        </div>
      </MembersFrame>
    );
  }
  return (
    <main className="grid min-h-dvh place-items-center p-6 text-center">
      <div>
        <Logo className="mx-auto mb-6 size-12" />
        <PageMissing />
      </div>
    </main>
  );
}
