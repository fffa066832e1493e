#!/bin/sh
# Installs flawless, one executable, for this user alone, without root.
#
#   sh install.sh [--prefix DIR] [--version V]
#
# It touches DIR/bin/flawless and nothing else. Everything stands in functions, and the last line calls
# them: of a download that was cut off, nothing runs.
set -u

# Written in by the release workflow: where this copy's releases are.
RELEASES_URL=''

usage() {
  cat <<'END'
Installs flawless into ~/.local/bin.

Usage: sh install.sh [--prefix DIR] [--version V]

  --prefix DIR   install into DIR/bin instead
  --version V    install this version, not the newest
  --help         show this

Environment:
  FLAWLESS_INSTALL_BASE_URL   where to download from: the address of the releases, or of a mirror
                              with the same paths (latest/download/… and download/vV/…)

Run it again to update. To uninstall, remove the file that it names.
END
}

install_flawless() {
  # Read by a run that ends before they are set.
  work='' lowest='' changed=no
  read_arguments "$@"
  find_platform
  if [ "$wanted" = latest ]; then
    release="$base_url/latest/download"
  else
    release="$base_url/download/v$wanted"
  fi

  trap clean_up EXIT
  trap 'interrupted 129' HUP
  trap 'interrupted 130' INT
  trap 'interrupted 143' TERM

  read_installed
  make_folders
  download "$release/SHA256SUMS" "$work/SHA256SUMS"
  find_archive
  if [ "$installed" = "$version" ]; then
    echo "flawless $version is already installed: $target"
    tell_path
    return
  fi
  echo "Downloading flawless $version for $platform"
  # By its version, so that a release which comes out right now does no harm.
  download "$base_url/download/v$version/$archive" "$work/$archive"
  verify
  unpack
  reason=$(mv -f "$work/flawless" "$target" 2>&1) || fail "$target cannot be written: $reason" "$hint"
  changed=yes

  if [ -n "$installed" ]; then
    echo "flawless was updated from $installed to $version: $target"
  else
    echo "flawless $version was installed: $target"
  fi
  tell_path
}

read_arguments() {
  prefix=${HOME:-}${HOME:+/.local}
  wanted=latest
  while [ $# -gt 0 ]; do
    case $1 in
      --prefix | --version)
        [ $# -gt 1 ] || misuse "$1 needs a value"
        set_argument "$1" "$2"
        shift
        ;;
      --prefix=* | --version=*) set_argument "${1%%=*}" "${1#*=}" ;;
      --help | -h)
        usage
        exit 0
        ;;
      *) misuse "unknown argument $1" ;;
    esac
    shift
  done
  [ -n "$prefix" ] || misuse "HOME is not set, so there is no folder to install into" "--prefix DIR"
  case $prefix in
    /*) ;;
    *) prefix=$PWD/$prefix ;;
  esac
  bin=${prefix%/}/bin
  target=$bin/flawless

  base_url=${FLAWLESS_INSTALL_BASE_URL:-$RELEASES_URL}
  base_url=${base_url%/}
  case $base_url in
    https://?* | http://?*) ;;
    '') misuse "this copy of install.sh does not know where the releases are" \
      "set FLAWLESS_INSTALL_BASE_URL, or take install.sh from a release" ;;
    *) misuse "FLAWLESS_INSTALL_BASE_URL is no http or https address: $base_url" ;;
  esac
}

set_argument() {
  [ -n "$2" ] || misuse "$1 needs a value"
  case $1 in
    --prefix) prefix=$2 ;;
    --version)
      wanted=${2#v}
      is_version "$wanted" || misuse "$2 is no version" "--version 1.2.3"
      ;;
  esac
}

# A digit first, and nothing that could lead elsewhere in a path or an address.
is_version() {
  case $1 in
    [!0-9]* | *[!0-9A-Za-z.+-]*) return 1 ;;
    ?*.?*) return 0 ;;
    *) return 1 ;;
  esac
}

find_platform() {
  system=$(uname -s)
  machine=$(uname -m)
  case $machine in
    x86_64 | amd64) cpu=x64 ;;
    aarch64 | arm64) cpu=arm64 ;;
    *) cpu= ;;
  esac
  case $system-$cpu in
    Linux-x64 | Linux-arm64) platform=linux-$cpu$(libc_suffix)$(level_suffix) ;;
    Darwin-x64)
      # A shell that Rosetta translates takes a Mac with an ARM processor for another one.
      [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" = 1 ] && cpu=arm64
      platform=darwin-$cpu
      ;;
    Darwin-arm64) platform=darwin-arm64 ;;
    MINGW*-* | MSYS*-* | CYGWIN*-* | Windows*-*)
      fail "this script does not install on Windows" \
        "unpack flawless-V-windows-x64.zip from $base_url/latest"
      ;;
    *)
      fail "there is no flawless for $system on $machine" \
        "build it from source; docs/install.md says how"
      ;;
  esac
}

libc_suffix() {
  case $(ldd --version 2>&1) in
    *musl*) echo -musl ;;
    *GLIBC* | *GNU* | *"Free Software"*) ;;
    *)
      for loader in /lib/ld-linux-*.so.* /lib64/ld-linux-*.so.*; do
        [ -e "$loader" ] && return
      done
      for loader in /lib/ld-musl-*.so.1; do
        [ -e "$loader" ] && echo -musl
      done
      ;;
  esac
}

# Where nothing tells that the processor knows AVX2, the build that does not need it.
level_suffix() {
  [ "$cpu" = x64 ] || return
  while read -r line; do
    case "$line " in
      flags*" avx2 "*) return ;;
    esac
  done 2>/dev/null </proc/cpuinfo
  echo -baseline
}

# Nothing of someone else is overwritten, and nothing that does not run is trusted.
read_installed() {
  installed=
  if [ -e "$target" ] || [ -L "$target" ]; then
    installed=$(version_of "$target") ||
      fail "$target is there already, and does not answer as flawless does" \
        "remove it, or install elsewhere with --prefix DIR"
  fi
}

# What it says of itself: flawless 1.2.3 (commit, platform)
version_of() {
  [ -f "$1" ] && said=$("$1" --version 2>&1 </dev/null) || return 1
  case $said in
    "flawless "?*" ("*) ;;
    *) return 1 ;;
  esac
  said=${said#flawless }
  echo "${said%% *}"
}

# The folder for what is not finished lies beside the target, so that moving it there is one step.
make_folders() {
  lowest=$bin
  while [ ! -e "$lowest" ] && [ ! -L "$lowest" ]; do lowest=$(dirname "$lowest"); done
  hint="--prefix DIR installs elsewhere"
  reason=$(mkdir -p "$bin" 2>&1) || fail "$bin cannot be made: $reason" "$hint"
  reason=$(mktemp -d "$bin/.flawless-install.XXXXXX" 2>&1) ||
    fail "$bin cannot be written: $reason" "$hint"
  work=$reason
}

# download URL FILE
download() {
  if command -v curl >/dev/null; then
    set -- "$1" "$2" --fail --location --silent --show-error
    # No way from https to anything less, whatever a server says.
    case $1 in https:*) set -- "$@" --proto '=https' --tlsv1.2 ;; esac
    if [ -t 2 ]; then
      case $1 in *.tar.gz) set -- "$@" --progress-bar ;; esac
    fi
    url=$1 file=$2
    shift 2
    curl "$@" --connect-timeout 30 --speed-limit 1 --speed-time 60 --output "$file" "$url"
  elif command -v wget >/dev/null; then
    url=$1 file=$2
    wget -q -T 60 -O "$file" "$url"
  else
    fail "neither curl nor wget is installed" "install one of them"
  fi || fail "$url could not be downloaded" "look at $base_url, then try again"
}

# The archive of this platform, its version, and its checksum, from SHA256SUMS.
find_archive() {
  archive=
  while read -r sum name; do
    case $name in
      flawless-*-"$platform".tar.gz)
        version=${name#flawless-}
        version=${version%-"$platform".tar.gz}
        is_version "$version" || continue
        [ "$wanted" = latest ] || [ "$wanted" = "$version" ] || continue
        archive=$name
        checksum=$sum
        break
        ;;
    esac
  done <"$work/SHA256SUMS"
  [ -n "$archive" ] ||
    fail "$release/SHA256SUMS has no checksum of a flawless for $platform" \
      "look there whether this release is complete, or choose another with --version V"
}

verify() {
  if command -v sha256sum >/dev/null; then
    actual=$(sha256sum <"$work/$archive")
  elif command -v shasum >/dev/null; then
    actual=$(shasum -a 256 <"$work/$archive")
  elif command -v openssl >/dev/null; then
    actual=$(openssl dgst -sha256 -r <"$work/$archive")
  else
    fail "neither sha256sum, shasum nor openssl is there to verify the download" "install one of them"
  fi
  [ "${actual%% *}" = "$checksum" ] ||
    fail "$archive is not what SHA256SUMS says: it was cut off or changed on its way" "try again"
}

unpack() {
  tar -xzf "$work/$archive" -C "$work" flawless 2>"$work/trouble" ||
    fail "$archive cannot be unpacked: $(cat "$work/trouble")" "look whether the disk is full"
  chmod 755 "$work/flawless"
  running=$(version_of "$work/flawless") || {
    case $platform in
      *musl*) advice="apk add libstdc++, then try again" ;;
      *) advice="build it from source; docs/install.md says how" ;;
    esac
    trouble=$("$work/flawless" --version 2>&1 </dev/null)
    fail "the flawless for $platform does not run here: $trouble" "$advice"
  }
  [ "$running" = "$version" ] ||
    fail "$archive holds flawless $running" "tell those who offer $base_url"
}

tell_path() {
  found=$(command -v flawless) || found=
  case $found in
    "$target") ;;
    '')
      echo "$bin is not on your PATH. Add this line to your shell's profile:"
      echo "  export PATH=\"$bin:\$PATH\""
      ;;
    *) echo "Beware: \"flawless\" runs $found, which stands before it on your PATH." ;;
  esac
  echo "Next: flawless demo"
}

interrupted() {
  trap '' HUP INT TERM
  if [ "$changed" = yes ]; then
    echo "Interrupted, but $target is in place." >&2
  else
    echo "Interrupted: nothing was installed or changed." >&2
  fi
  exit "$1"
}

# What this run made and did not need goes; folders that were there before stay.
clean_up() {
  [ -n "$work" ] && rm -rf "$work"
  folder=$bin
  while [ -n "$lowest" ] && [ "$folder" != "$lowest" ] && rmdir "$folder" 2>/dev/null; do
    folder=$(dirname "$folder")
  done
}

# misuse MESSAGE [HINT]
misuse() {
  printf 'Error: %s\nTry: %s\n' "$1" "${2:-sh install.sh --help}" >&2
  exit 2
}

# fail MESSAGE HINT
fail() {
  printf 'Error: %s\nTry: %s\nNothing was installed or changed.\n' "$1" "$2" >&2
  exit 1
}

# In braces: also of this line, no part can run.
{ install_flawless "$@"; }
