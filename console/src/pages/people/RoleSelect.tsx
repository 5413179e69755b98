import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { rolesQuery } from '@/api/people'
import type { Role } from '@/api/types'
import { roleName } from '@/app/permission'
import { Select } from '@/ui/select'

interface RoleSelectProps {
  orgId: string
  level: Role['levels'][number]
  value: string
  label?: string
  id?: string
  className?: string
  disabled?: boolean
  onChange: (role: string) => void
}

/** The roles that can be given at a level: the built-in ones and the organisation's own. */
export function RoleSelect({ orgId, level, value, label, onChange, ...rest }: RoleSelectProps) {
  const { t } = useTranslation()
  const { data: roles } = useQuery(rolesQuery(orgId))
  const offered = roles?.items.filter(({ levels }) => levels.includes(level)) ?? []
  return (
    <Select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      {...rest}
    >
      {value && !offered.some(({ name }) => name === value) ? (
        <option value={value}>{roleName(t, value)}</option>
      ) : null}
      {offered.map(({ name }) => (
        <option key={name} value={name}>
          {roleName(t, name)}
        </option>
      ))}
    </Select>
  )
}
