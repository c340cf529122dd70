/** Native controls beside Web Awesome's: labelled fields, selects, details, video, dialogs without motion. */
import { css } from 'lit';

export const controls = css`
  .field {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: start;
    gap: 0.3rem;
  }

  /* A long word on a narrow screen: the button wraps rather than leaving its box. */
  wa-button {
    max-width: 100%;
  }

  wa-button::part(base) {
    max-width: 100%;
    height: auto;
    min-height: var(--wa-form-control-height);
    padding-block: 0.2rem;
    white-space: normal;
  }

  .field > .hint {
    font-size: 0.875rem;
    color: var(--pl-quiet);
  }

  select,
  textarea,
  input[type='datetime-local'],
  input[inputmode='decimal'] {
    font: inherit;
    min-width: 0;
    color: inherit;
    min-height: 2.6rem;
    padding: 0.3rem 0.7rem;
    max-width: 100%;
    border-radius: var(--wa-border-radius-m);
    border: 1px solid var(--pl-edge);
    background-color: var(--wa-form-control-background-color);
  }

  textarea {
    width: 100%;
    padding-block: 0.5rem;
    resize: vertical;
  }

  textarea:focus-visible {
    outline: 3px solid var(--wa-color-focus);
    outline-offset: 2px;
  }

  details > summary {
    cursor: pointer;
    min-height: 1.75rem;
    font-weight: 600;
  }

  details > summary > h2,
  details > summary > h3 {
    display: inline;
  }

  video {
    display: block;
    width: 100%;
    max-height: 70vh;
    background: #05080f;
    border-radius: var(--pl-radius);
  }

  @media (prefers-reduced-motion: reduce) {
    wa-dialog {
      --show-duration: 0ms;
      --hide-duration: 0ms;
    }
  }
`;
