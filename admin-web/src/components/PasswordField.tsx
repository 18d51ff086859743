// A field for a password. Mantine's own leaves out what tells a screen reader that it is wrong, and why.
import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function PasswordField({ id, error, "aria-describedby": describedBy, ...rest }: PasswordInputProps & { id: string }) {
  const { t } = useTranslation();
  return (
    <PasswordInput
      id={id}
      error={error}
      aria-invalid={error ? true : undefined}
      aria-describedby={[error && `${id}-error`, describedBy].filter(Boolean).join(" ") || undefined}
      visibilityToggleButtonProps={{ "aria-label": t("login.show") }}
      {...rest}
    />
  );
}
