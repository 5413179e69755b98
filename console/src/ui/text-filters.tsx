import { Input } from './field'

interface TextFiltersProps<Name extends string> {
  names: readonly Name[]
  values: Partial<Record<Name, string | undefined>>
  labelOf: (name: Name) => string
  onChange: (change: Partial<Record<Name, string | undefined>>) => void
}

/** Words or ids that a list is narrowed by; each holds once it is entered or left. */
export function TextFilters<Name extends string>({
  names,
  values,
  labelOf,
  onChange,
}: TextFiltersProps<Name>) {
  const change = (name: Name, written: string) => {
    const next = written.trim() || undefined
    if (next !== values[name]) {
      onChange({ [name]: next } as Partial<Record<Name, string | undefined>>)
    }
  }
  return (
    <search className="grid gap-2 border-line border-b px-4 pb-3 sm:grid-cols-2 sm:px-5 xl:grid-cols-4">
      {names.map((name) => (
        <form
          key={`${name}-${values[name] ?? ''}`}
          onSubmit={(event) => {
            event.preventDefault()
            change(name, String(new FormData(event.currentTarget).get('value') ?? ''))
          }}
        >
          <Input
            type="search"
            name="value"
            aria-label={labelOf(name)}
            placeholder={labelOf(name)}
            defaultValue={values[name] ?? ''}
            onBlur={(event) => change(name, event.target.value)}
          />
        </form>
      ))}
    </search>
  )
}
