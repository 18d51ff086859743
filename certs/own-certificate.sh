#!/usr/bin/env bash
# How to bring a certificate of your organisation: a request for your authority, and a check of what it sent back.
#   own-certificate.sh request FOLDER NAME [NAME|ADDRESS…]    makes FOLDER/server.key and FOLDER/server.csr
#   own-certificate.sh check CHAIN.pem KEY.pem                says whether the hub can use them, and how
set -euo pipefail

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

request() {
  local folder=$1 names='' name
  shift
  for name in "$@"; do
    if [[ $name =~ ^[0-9.]+$ || $name == *:* ]]; then
      names+=",IP:$name"
    else
      names+=",DNS:$name"
    fi
  done
  mkdir -p "$folder"
  [[ ! -e $folder/server.key ]] || die "$folder/server.key exists already; it is not overwritten"
  (umask 077 && openssl ecparam -name prime256v1 -genkey -noout -out "$folder/server.key")
  openssl req -new -key "$folder/server.key" -subj "/CN=$1" -addext "subjectAltName=${names#,}" \
    -addext extendedKeyUsage=serverAuth -out "$folder/server.csr"
  printf 'Give %s to your authority. Keep %s secret.\n' "$folder/server.csr" "$folder/server.key"
}

check() {
  local chain=$1 key=$2
  [[ $(openssl x509 -in "$chain" -noout -pubkey) == $(openssl pkey -in "$key" -pubout) ]] \
    || die "the first certificate in $chain does not belong to $key (the server's own comes first, then its issuers)"
  openssl x509 -in "$chain" -noout -checkend 0 >/dev/null || die "$chain has expired"
  openssl x509 -in "$chain" -noout -ext subjectAltName | grep -qE 'DNS|IP' || die "$chain names no host: browsers want a subjectAltName"
  openssl x509 -in "$chain" -noout -enddate -ext subjectAltName
  printf '\nPut this into the hub'\''s settings:\n\n[https]\ncert = "%s"\nkey = "%s"\n' "$(realpath "$chain")" "$(realpath "$key")"
}

case "${1:-}:$#" in
  request:[3-9] | request:[1-9][0-9]) shift && request "$@" ;;
  check:3) shift && check "$@" ;;
  *) sed -n '2,4s/^# *//p' "$0" >&2 && exit 2 ;;
esac
