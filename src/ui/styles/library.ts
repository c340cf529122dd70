/** The library's layout: cameras, recordings and storage, one under the other on a phone, side by side on a desk. */
import { css } from 'lit';

export const libraryStyles = css`
  h1 {
    margin-block-end: 1.25rem;
  }

  .layout {
    display: grid;
    gap: 1.75rem;
  }

  .layout > * {
    min-width: 0;
  }

  .main > * + * {
    margin-block-start: 1.75rem;
  }

  .field.inline {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.4rem 0.8rem;
  }

  .demo {
    padding: 0.9rem 1rem;
    border: 1px dashed var(--pl-edge);
    border-radius: var(--pl-radius);
  }

  .demo p:empty {
    display: none;
  }

  .problem {
    color: var(--pl-bad);
  }

  .layout.none {
    max-width: 34rem;
    grid-template: none;
  }

  .layout.none > * {
    grid-area: auto;
  }

  .overview {
    display: grid;
    gap: 1.25rem 2rem;
    margin-block: 0.6rem;
  }

  .overview > * {
    min-width: 0;
  }

  .day {
    margin-block-start: 1.1rem;
  }

  .day h3 {
    display: flex;
    justify-content: space-between;
    align-items: baseline;
    gap: 1rem;
    padding-block-end: 0.35rem;
    border-block-end: 2px solid var(--pl-ink);
  }

  .day h3 .quiet {
    font: 400 0.875rem/1.3 var(--pl-font);
  }

  .day li + li {
    border-block-start: 1px solid var(--pl-rule);
  }

  .camera {
    padding-block-start: 0.8rem;
    margin-block-end: -0.4rem;
    font-weight: 600;
  }

  @media (min-width: 60rem) {
    .layout {
      grid-template-columns: minmax(16rem, 20rem) minmax(0, 1fr);
      grid-template-rows: auto 1fr;
      column-gap: 2.5rem;
    }

    .main {
      grid-column: 2;
      grid-row: 1 / span 2;
    }

    .storage {
      grid-column: 1;
      align-self: start;
    }
  }
`;
