import type { Page, WebSocketRoute } from '@playwright/test';

/** A switch in the live connection of a page: when cut, neither websocket nor polling gets through. */
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
