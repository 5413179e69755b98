import type { ReactNode } from 'react'

interface ChoicesProps<T extends string> {
  legend: ReactNode
  options: readonly { value: T; label: string }[]
  chosen: readonly T[]
  onChange: (value: T, chosen: boolean) => void
}

/** Some of a few things, each with a box to tick. */
export function Choices<T extends string>({ legend, options, chosen, onChange }: ChoicesProps<T>) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-ink text-sm">{legend}</legend>
      <div className="flex flex-wrap gap-x-5 gap-y-2">
        {options.map(({ value, label }) => (
          <label key={value} className="flex items-center gap-2 text-ink text-sm">
            <input
              type="checkbox"
              className="size-4 accent-(--accent)"
              checked={chosen.includes(value)}
              onChange={(event) => onChange(value, event.target.checked)}
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
