import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Command } from 'cmdk'
import {
  Activity,
  Boxes,
  FolderClosed,
  KeyRound,
  Languages,
  LogOut,
  type LucideIcon,
  Plus,
  Search,
  UserRound,
  Waypoints,
} from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { keysQuery, modelsQuery } from '@/api/queries'
import type { Language } from '@/api/types'
import { LANGUAGES, setLanguage } from '@/i18n'
import { overlayLook } from '@/ui/dialog'
import { useAreas } from './areas'
import { THEME_ICONS } from './display-menus'
import { idIn, matchScore } from './palette-match'
import { useHere, usePermits } from './permission'
import { useChooseProject, usePlace, useSession, useSignOut } from './session'
import { setTheme, THEMES } from './theme'

interface PaletteProps {
  onOpenChange: (open: boolean) => void
}

const GROUP =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2.5 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:text-ink-faint'

/** Everything by name: pages, models, projects, and what one can do from anywhere. */
export default function CommandPalette({ onOpenChange }: PaletteProps) {
  const { t } = useTranslation()
  return (
    <Dialog.Root open onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className={overlayLook} />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-3 top-[max(1rem,12vh)] z-50 mx-auto max-w-xl animate-rise overflow-hidden rounded-2xl border border-line bg-raised shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">{t('shell.search')}</Dialog.Title>
          <PaletteContent close={() => onOpenChange(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function PaletteContent({ close }: { close: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { organizations } = useSession()
  const areas = useAreas()
  const place = usePlace()
  const { data: models } = useQuery(modelsQuery(place?.organization.id))
  const permits = usePermits()
  const here = useHere()
  const keys = useInfiniteQuery({
    ...keysQuery(place?.project.id ?? ''),
    enabled: place !== null && permits('key:read', here),
  })
  const [typed, setTyped] = useState('')
  const id = idIn(typed)
  const choose = useChooseProject()
  const signOut = useSignOut()
  const run = (act: () => unknown) => () => {
    close()
    act()
  }
  return (
    <Command label={t('shell.search')} filter={matchScore} loop>
      <div className="flex items-center gap-3 border-line border-b px-4">
        <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
        <Command.Input
          value={typed}
          onValueChange={setTyped}
          placeholder={t('palette.placeholder')}
          className="h-12 w-full bg-transparent text-base text-ink outline-none placeholder:text-ink-faint"
        />
      </div>
      <Command.List
        label={t('palette.results')}
        className="max-h-[min(24rem,60dvh)] overflow-y-auto p-1.5"
      >
        <Command.Empty className="px-3 py-8 text-center text-ink-soft text-sm">
          {t('palette.empty')}
        </Command.Empty>
        {id ? (
          <Command.Group heading={t('palette.byId')} className={GROUP}>
            {id.kind === 'request' ? (
              <Item
                value={`request ${typed}`}
                icon={Activity}
                onSelect={run(() => navigate({ to: '/requests', search: { request: id.id } }))}
              >
                {t('palette.request', { id: id.id })}
              </Item>
            ) : id.kind === 'key' ? (
              <Item
                value={`byid ${typed}`}
                icon={KeyRound}
                onSelect={run(() => navigate({ to: '/keys', search: { key: id.id } }))}
              >
                {t('palette.key', { id: id.id })}
              </Item>
            ) : (
              <Item
                value={`trace ${typed}`}
                icon={Waypoints}
                onSelect={run(() =>
                  navigate({ to: '/traces/$traceId', params: { traceId: id.id } }),
                )}
              >
                {t('palette.trace', { id: id.id })}
              </Item>
            )}
          </Command.Group>
        ) : null}
        <Command.Group heading={t('palette.pages')} className={GROUP}>
          {areas
            .flatMap((area) => area.pages)
            .map((page) => (
              <Item
                key={page.id}
                value={`page ${page.id}`}
                keywords={[t(`pages.${page.id}`)]}
                icon={page.icon}
                onSelect={run(() => navigate({ to: page.path }))}
              >
                {t(`pages.${page.id}`)}
              </Item>
            ))}
        </Command.Group>
        {models && models.items.length > 0 ? (
          <Command.Group heading={t('palette.models')} className={GROUP}>
            {models.items.map((model) => (
              <Item
                key={model.id}
                value={`model ${model.name} ${model.id}`}
                icon={Boxes}
                onSelect={run(() =>
                  model.tasks.includes('chat')
                    ? navigate({ to: '/playground', search: { model: model.name } })
                    : navigate({ to: '/models', search: { q: model.name } }),
                )}
              >
                {model.name}
              </Item>
            ))}
          </Command.Group>
        ) : null}
        {keys.data ? (
          <Command.Group heading={t('palette.keys')} className={GROUP}>
            {keys.data.pages
              .flatMap(({ items }) => items)
              .map((key) => (
                <Item
                  key={key.id}
                  value={`key ${key.name} ${key.hint} ${key.id}`}
                  icon={KeyRound}
                  onSelect={run(() => navigate({ to: '/keys', search: { key: key.id } }))}
                >
                  {key.name}
                </Item>
              ))}
          </Command.Group>
        ) : null}
        <Command.Group heading={t('palette.actions')} className={GROUP}>
          <Item
            value="create key"
            keywords={[t('keys.create')]}
            icon={Plus}
            onSelect={run(() => navigate({ to: '/keys', search: { create: true } }))}
          >
            {t('keys.create')}
          </Item>
          <Item
            value="page account"
            keywords={[t('pages.account')]}
            icon={UserRound}
            onSelect={run(() => navigate({ to: '/account' }))}
          >
            {t('pages.account')}
          </Item>
          {THEMES.map((theme) => (
            <Item
              key={theme}
              value={`theme ${theme}`}
              keywords={[t('shell.theme'), t(`theme.${theme}`)]}
              icon={THEME_ICONS[theme]}
              onSelect={run(() => setTheme(theme))}
            >
              {t('palette.theme', { theme: t(`theme.${theme}`) })}
            </Item>
          ))}
          {Object.entries(LANGUAGES).map(([language, name]) => (
            <Item
              key={language}
              value={`language ${language}`}
              keywords={[t('shell.language'), name]}
              icon={Languages}
              onSelect={run(() => setLanguage(language as Language))}
            >
              {t('palette.language', { language: name })}
            </Item>
          ))}
          <Item
            value="sign out"
            keywords={[t('shell.signOut')]}
            icon={LogOut}
            onSelect={run(signOut)}
          >
            {t('shell.signOut')}
          </Item>
        </Command.Group>
        <Command.Group heading={t('palette.projects')} className={GROUP}>
          {organizations.flatMap((organization) =>
            organization.projects.map((project) => (
              <Item
                key={project.id}
                value={`project ${organization.name} ${project.name} ${project.id}`}
                icon={FolderClosed}
                onSelect={run(() => choose(project.id))}
              >
                {t('palette.project', { organization: organization.name, project: project.name })}
              </Item>
            )),
          )}
        </Command.Group>
      </Command.List>
    </Command>
  )
}

interface ItemProps {
  /** Matched in every language; also what makes the item unique. */
  value: string
  keywords?: string[]
  icon: LucideIcon
  onSelect: () => void
  children: string
}

function Item({ value, keywords = [], icon: Icon, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      keywords={keywords}
      onSelect={onSelect}
      className="flex min-h-10 cursor-default items-center gap-3 rounded-lg px-2.5 text-ink text-sm data-[selected=true]:bg-hover"
    >
      <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
      <span className="truncate">{children}</span>
    </Command.Item>
  )
}
