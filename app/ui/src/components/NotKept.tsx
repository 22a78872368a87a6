/** The browser has no room or keeps nothing at all: what is typed lasts as long as the page. */
export function NotKept() {
  return (
    <p role="status" className="text-sm font-medium text-waiting">
      Your browser does not let us keep a copy of what you type. Save before you leave this page.
    </p>
  );
}
