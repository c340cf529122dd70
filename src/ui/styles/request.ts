/** The request screen's layout: one column on a phone; on a desk, where and when beside the words. */
import { css } from 'lit';

export const requestStyles = css`
  .back {
    margin-block-end: 0.75rem;
  }

  .back a {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    min-height: 1.75rem;
  }

  .layout {
    display: grid;
    gap: 1.5rem;
  }

  .layout > * {
    min-width: 0;
  }

  .where > pl-comments-panel {
    margin-block-start: 2rem;
  }

  .when {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.1rem 0.6rem;
  }

  .times {
    font-size: clamp(2.3rem, 1.7rem + 3vw, 3.4rem);
    font-weight: 600;
    line-height: 1;
    letter-spacing: -0.03em;
  }

  .zone {
    font-size: 1.2rem;
    color: var(--pl-quiet);
  }

  .day {
    line-height: 1.3;
    flex: 1 0 9rem;
  }

  .description {
    white-space: pre-line;
    font-size: 1.06rem;
    max-width: 42rem;
  }

  .panel {
    padding: 1.1rem 1.2rem;
    border-radius: var(--pl-radius);
    border: 1px solid var(--pl-rule);
    background: var(--pl-sheet);
  }

  .panel.lit {
    background: var(--pl-amber-quiet);
    border-color: var(--pl-amber-edge);
  }

  .line {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 0.6rem;
    font-weight: 600;
  }

  .lit .line {
    color: var(--pl-amber-text);
  }

  .line wa-icon {
    font-size: 1.25rem;
    margin-block-start: 0.1em;
  }

  @media (min-width: 60rem) {
    .layout {
      grid-template-columns: minmax(0, 1fr) minmax(22rem, 30rem);
      column-gap: 2.75rem;
      grid-template-rows: auto auto 1fr;
    }

    .head,
    .act,
    .body {
      grid-column: 1;
    }

    .where {
      grid-column: 2;
      grid-row: 1 / span 3;
    }
  }
`;
