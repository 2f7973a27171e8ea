# Sourced by the other scripts. Exports JAVA_HOME, a JDK of the wanted version or newer; fails when there is none.
# shellcheck shell=bash

PARLEY_JAVA=25

# Prints the major version of the JDK in that folder; fails when it holds none.
jdk_version() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  local line
  while IFS= read -r line; do
    if [[ $line =~ ^JAVA_VERSION=\"([0-9]+) ]]; then
      echo "${BASH_REMATCH[1]}"
      return 0
    fi
  done <"$1/release"
  return 1
}

# Prints the JDK to use: the one that the caller names or has in the path, else an installed one, and of several of those
# the oldest that will do.
find_jdk() {
  local home version best='' best_version=''
  local on_path=''
  if command -v java >/dev/null; then
    on_path=$(readlink -f "$(command -v java)")
    on_path=${on_path%/bin/java}
  fi
  for home in "${JAVA_HOME:-}" "$on_path"; do
    version=$(jdk_version "$home") || continue
    if [ "$version" -ge "$PARLEY_JAVA" ]; then
      echo "$home"
      return 0
    fi
  done
  for home in /usr/lib/jvm/* /opt/java/* "${HOME:-}"/.sdkman/candidates/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    version=$(jdk_version "$home") || continue
    if [ "$version" -ge "$PARLEY_JAVA" ] && { [ -z "$best" ] || [ "$version" -lt "$best_version" ]; }; then
      best=$home
      best_version=$version
    fi
  done
  [ -n "$best" ] && echo "$best"
}

if ! JAVA_HOME=$(find_jdk); then
  unset JAVA_HOME
  return 1
fi
export JAVA_HOME
# Libraries of Maven itself draw a warning from newer Java versions.
export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow"
