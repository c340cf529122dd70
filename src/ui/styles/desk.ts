/** The consoles' layout: who one acts for, the row of desks, and what their screens share. Printing leaves only the paper. */
import { css } from 'lit';

export const deskStyles = css`
  .head {
    display: grid;
    gap: 0.35rem;
    margin-block-end: 0.9rem;
  }

  nav.desks {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.2rem;
    margin-inline: -0.6rem;
    margin-block-end: 1.5rem;
    border-block-end: 1px solid var(--pl-rule);
  }

  nav.desks a {
    padding: 0.5rem 0.7rem;
    color: var(--pl-quiet);
    text-decoration: none;
    white-space: nowrap;
    border-block-end: 3px solid transparent;
  }

  nav.desks a:hover {
    color: var(--pl-ink);
  }

  nav.desks a[aria-current] {
    color: var(--pl-ink);
    font-weight: 600;
    border-color: var(--pl-amber);
  }

  .problem {
    color: var(--pl-bad);
  }

  .problem:empty {
    display: none;
  }

  h2:focus {
    outline: none;
  }

  @media print {
    .head,
    nav.desks {
      display: none;
    }
  }
`;
