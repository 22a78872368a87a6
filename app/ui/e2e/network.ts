import type { Page, WebSocketRoute } from '@playwright/test';

/** Cuts and restores the live connection of a page. While it is cut, both websocket and polling are blocked. */
export async function socketSwitch(page: Page) {
  const open = new Set<WebSocketRoute>();
  let isCut = false;

  await page.routeWebSocket(/\/socket\.io\//, (socket) => {
    if (isCut) {
      void socket.close();
      return;
    }
    socket.connectToServer();
    open.add(socket);
  });
  await page.route(/\/socket\.io\//, (route) => (isCut ? route.abort() : route.continue()));

  return {
    cut: async () => {
      isCut = true;
      await Promise.all(Array.from(open, (socket) => socket.close()));
      open.clear();
    },
    restore: () => {
      isCut = false;
    },
  };
}
