/* SPDX-License-Identifier: MIT */
import type { Catalogue } from '../i18n';
import { en } from './en';

export const ar: Catalogue = { ...en };
