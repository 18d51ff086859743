// The search field of a page; `/` puts the focus into it.
import { TextInput } from "@mantine/core";
import { IconSearch } from "./icons";

interface Props {
  label: string;
  value: string;
  onChange: (words: string) => void;
  className?: string | undefined;
}

export function SearchField({ label, value, onChange, className }: Props) {
  return (
    <TextInput
      className={className ?? ""}
      size="sm"
      type="search"
      data-search
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
