import { ImagePlus, X } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { useToast } from '@/ui/toast'

export interface Picture {
  name: string
  /** A `data:` address. */
  url: string
}

/** Pictures travel inside the request: larger ones are refused by most models. */
const MOST_BYTES = 4_000_000

const read = (file: File) =>
  new Promise<Picture>((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve({ name: file.name, url: String(reader.result) })
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })

/** Adds pictures to the question that is being written. */
export function AttachButton({ onAdd }: { onAdd: (pictures: Picture[]) => void }) {
  const { t } = useTranslation()
  const toast = useToast()
  const input = useRef<HTMLInputElement>(null)
  const add = async (files: File[]) => {
    const fitting = files.filter(
      ({ size, type }) => size <= MOST_BYTES && type.startsWith('image/'),
    )
    if (fitting.length < files.length) toast.done(t('playground.pictureRefused'))
    onAdd(await Promise.all(fitting.map(read)))
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="image/*"
        multiple
        hidden
        data-pictures
        onChange={(event) => {
          void add([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
      <Button
        tone="ghost"
        size="icon"
        aria-label={t('playground.addPicture')}
        onClick={() => input.current?.click()}
      >
        <ImagePlus aria-hidden />
      </Button>
    </>
  )
}

interface PicturesProps {
  images: Picture[]
  onChange: (images: Picture[]) => void
}

/** The pictures of the question, each of which can be taken away again. */
export function Pictures({ images, onChange }: PicturesProps) {
  const { t } = useTranslation()
  if (images.length === 0) return null
  return (
    <ul className="mb-2 flex flex-wrap gap-2">
      {images.map((image) => (
        <li key={image.url} className="relative">
          <img
            src={image.url}
            alt={image.name}
            className="size-16 rounded-lg border border-line object-cover"
          />
          <Button
            size="icon-sm"
            className="absolute -end-2 -top-2"
            aria-label={t('playground.dropPicture', { name: image.name })}
            onClick={() => onChange(images.filter((one) => one !== image))}
          >
            <X aria-hidden />
          </Button>
        </li>
      ))}
    </ul>
  )
}
