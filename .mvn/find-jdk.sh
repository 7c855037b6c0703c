# Sourced by ./mvnw and ./tonnage: sets JAVA_HOME to a JDK 25 or newer, or says in one line what to install.
#
# Tried in this order: JAVA_HOME, `java` on the PATH, Linux's /usr/lib/jvm, SDKMAN, Homebrew, macOS's java_home.
# A JDK is asked for its version through the file `release` in its root, which costs no process.

TONNAGE_JDK=25

tonnage_jdk_is_new_enough() { # $1: a JDK's root
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  while IFS='=' read -r tonnage_key tonnage_value; do
    if [ "$tonnage_key" = JAVA_VERSION ]; then
      tonnage_value=${tonnage_value#\"}
      tonnage_value=${tonnage_value%%[!0-9]*}
      [ -n "$tonnage_value" ] && [ "$tonnage_value" -ge "$TONNAGE_JDK" ]
      return
    fi
  done <"$1/release"
  return 1
}

tonnage_find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && tonnage_jdk_is_new_enough "$JAVA_HOME"; then return 0; fi
  tonnage_java=$(command -v java 2>/dev/null || :)
  while [ -n "$tonnage_java" ] && [ -h "$tonnage_java" ]; do # the PATH's java is often a link to a link
    tonnage_link=$(readlink "$tonnage_java") || break
    case $tonnage_link in
      /*) tonnage_java=$tonnage_link ;;
      *) tonnage_java=${tonnage_java%/*}/$tonnage_link ;;
    esac
  done
  for tonnage_home in "${tonnage_java%/bin/java}" \
    /usr/lib/jvm/* \
    "${SDKMAN_DIR:-${HOME-}/.sdkman}"/candidates/java/* \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME-}"/.jdks/*; do
    if [ -n "$tonnage_home" ] && tonnage_jdk_is_new_enough "$tonnage_home"; then
      JAVA_HOME=$tonnage_home
      export JAVA_HOME
      return 0
    fi
  done
  if [ -x /usr/libexec/java_home ]; then
    tonnage_home=$(/usr/libexec/java_home -v "$TONNAGE_JDK+" 2>/dev/null || :)
    if [ -n "$tonnage_home" ] && tonnage_jdk_is_new_enough "$tonnage_home"; then
      JAVA_HOME=$tonnage_home
      export JAVA_HOME
      return 0
    fi
  fi
  echo "tonnage: no JDK $TONNAGE_JDK found; install one (Debian: apt-get install temurin-$TONNAGE_JDK-jdk; macOS: brew install openjdk; SDKMAN: sdk install java $TONNAGE_JDK-tem) or set JAVA_HOME to it" >&2
  return 1
}
