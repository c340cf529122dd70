/** The styles that every screen shares. */
import type { CSSResultGroup } from 'lit';
import { blocks } from './blocks.ts';
import { controls } from './controls.ts';
import { text } from './text.ts';

export const shared: CSSResultGroup = [text, blocks, controls];
