/** The share screens' layout: one column, a footer with the way back and the way on. */
import { css } from 'lit';

export const shareStyles = css`
  :host {
    max-width: 60rem;
  }

  .back {
    margin-block-end: 0.75rem;
  }

  .back a {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    min-height: 1.75rem;
  }

  .head {
    margin-block-end: 1.75rem;
  }

  .head > pl-step-list {
    margin-block-start: 1.1rem;
  }

  h2:focus {
    outline: none;
  }

  .narrow {
    max-width: 36rem;
  }

  footer {
    padding-block-start: 0.5rem;
  }

  .confirm {
    padding: 1.2rem;
    border-radius: var(--pl-radius);
    border: 1px solid var(--pl-amber-edge);
    background: var(--pl-amber-quiet);
  }

  .notice {
    margin-block-end: 1rem;
  }
`;
