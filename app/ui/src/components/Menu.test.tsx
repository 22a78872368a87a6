import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';

import { Menu } from './Menu';

const choose = vi.fn();

beforeEach(() => {
  choose.mockReset();
  const actions = ['One', 'Two', 'Three'].map((label) => ({ label, onSelect: () => void choose(label) }));
  render(
    <>
      <Menu
        align="start"
        actions={actions}
        trigger={(wiring) => (
          <button type="button" {...wiring}>
            Open
          </button>
        )}
      />
      <button type="button">Elsewhere</button>
    </>,
  );
});

const trigger = () => screen.getByRole('button', { name: 'Open' });

test('opens from the keyboard, goes round with the arrows, and gives the focus back', async () => {
  await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  expect(trigger()).toHaveAttribute('aria-expanded', 'true');
  expect(screen.getByRole('menuitem', { name: 'One' })).toHaveFocus();
  await userEvent.keyboard('{ArrowUp}');
  expect(screen.getByRole('menuitem', { name: 'Three' })).toHaveFocus();
  await userEvent.keyboard('{ArrowDown}{ArrowDown}');
  expect(screen.getByRole('menuitem', { name: 'Two' })).toHaveFocus();
  await userEvent.keyboard('{End}{Home}{Enter}');
  expect(choose.mock.calls).toEqual([['One']]);
  expect(trigger()).toHaveFocus();
});

test.each(['{Escape}', '{Tab}'])('%s closes it without choosing', async (key) => {
  await userEvent.click(trigger());
  await userEvent.keyboard(key);
  expect(screen.queryByRole('menu')).toBeNull();
  expect(choose).not.toHaveBeenCalled();
});

test('a click elsewhere closes it', async () => {
  await userEvent.click(trigger());
  await userEvent.click(screen.getByRole('button', { name: 'Elsewhere' }));
  expect(screen.queryByRole('menu')).toBeNull();
});
