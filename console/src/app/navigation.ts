/**
 * The map of the console. An area groups pages by what people come to do; a page that is built has
 * an entry here, and the sidebar, the palette and the titles all read it.
 */
import { Boxes, House, KeyRound, type LucideIcon, MessagesSquare } from 'lucide-react'

export type PagePath = '/' | '/playground' | '/models' | '/keys'

export type PageId = 'home' | 'playground' | 'models' | 'keys'

export type AreaId = 'overview' | 'build' | 'serve' | 'govern'

export interface PageEntry {
  id: PageId
  path: PagePath
  icon: LucideIcon
}

export interface Area {
  id: AreaId
  pages: PageEntry[]
}

export const AREAS: readonly Area[] = [
  { id: 'overview', pages: [{ id: 'home', path: '/', icon: House }] },
  { id: 'build', pages: [{ id: 'playground', path: '/playground', icon: MessagesSquare }] },
  { id: 'serve', pages: [{ id: 'models', path: '/models', icon: Boxes }] },
  { id: 'govern', pages: [{ id: 'keys', path: '/keys', icon: KeyRound }] },
]
