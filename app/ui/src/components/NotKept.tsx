/** Shown when the browser's storage is full or unavailable, so that input is lost when the page is closed. */
export function NotKept() {
  return (
    <p role="status" className="text-sm font-medium text-waiting">
      Your browser does not let us keep a copy of what you type. Save before you leave this page.
    </p>
  );
}
