import { Text } from "@mantine/core";
import { IconCheck, IconMinus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, body } from "../api/client";
import { Broken } from "../app/Broken";
import classes from "./Admin.module.css";
import { Frame } from "./List";

/** What each role permits, as the server has it. */
export default function Roles() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["roles"], queryFn: () => body(api.GET("/api/v1/roles")) });
  const roles = query.data?.items ?? [];
  const all = [...new Set(roles.flatMap((role) => role.permissions))].sort();
  return (
    <Frame title={t("sections.roles")} hint={t("admin.roles.hint")}>
      {query.isError ? (
        <Broken error={query.error} reset={() => void query.refetch()} />
      ) : (
        <div
          className={classes.rights}
          tabIndex={0}
          role="region"
          aria-label={t("sections.roles")}
          aria-busy={query.isPending}
        >
          <table className={classes.matrix}>
            <thead>
              <tr>
                <th scope="col">{t("role.permission")}</th>
                {roles.map((role) => (
                  <th key={role.role} scope="col">
                    {t(`role.${role.role}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {all.map((permission) => (
                <tr key={permission}>
                  <th scope="row">
                    <Text size="sm">
                      {t(`permission.${permission.replace(":", "-")}`, {
                        defaultValue: permission,
                      })}
                    </Text>
                  </th>
                  {roles.map((role) => {
                    const has = role.permissions.includes(permission);
                    const Icon = has ? IconCheck : IconMinus;
                    return (
                      <td key={role.role} data-has={has}>
                        <Icon size={18} role="img" aria-label={t(has ? "role.yes" : "role.no")} />
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Frame>
  );
}
