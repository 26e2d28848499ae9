#include "arguments.hpp"

namespace fieldpost::push_program {

const char* help_text() {
    return R"(fieldpost-push - brings observations from standard input to a Fieldpost server

SYNOPSIS
  fieldpost-push --server HOST:PORT --device ID --credential-file FILE --spool DIR
                 [--ca FILE] [OPTION..] < observations.ndjson

WHAT IT DOES
  Reads one JSON observation a line, such as
    {"kind": "location", "time": "2026-01-31T12:00:00Z", "lat": 45.79, "lon": 14.36}
  and delivers it, once. What was read is kept on disk, in the spool, until the server has it on
  its own: a lost connection, a crash or a power cut on either side loses nothing and repeats
  nothing. While there is no connection it tries again, at growing intervals.

  Started again with the same file on standard input it goes on behind the last line that is in
  the spool, even if the file has grown since. With other input it starts at the beginning. It
  tells the two apart by the bytes it has read already.

  The server must prove by its certificate that it is the one; the credential is not sent before.

OPTIONS
  --server HOST:PORT      where the server listens for devices; [::1]:PORT for IPv6
  --device ID             the device whose observations these are; a spool belongs to one device
  --credential-file FILE  holds the device's credential, in its first line. Nobody but its owner
                          should be able to read it
  --spool DIR             where observations wait; made if it is not there
  --ca FILE               trusted certificates in PEM: of authorities, or the server's own
                          (default: the authorities that the system trusts)
  --fingerprint SHA256    of the server's certificate, 64 hexadecimal digits. Without --ca it is
                          enough alone; with it both must hold
  --server-name NAME      that the certificate must bear (default: HOST)
  --batch-size N          observations that travel together, 1 to 5000 (default: 500)
  --batch-age SECONDS     longest that one waits for others to travel with (default: 1)
  --max-spool SIZE        room on disk, with K, M or G, at least 4M (default: 256M). When it is
                          full, reading pauses
  --max-wait SECONDS      longest time between two attempts to connect (default: 60)
  --name NAME             what the server shows as the agent's name (default: fieldpost-push)
  --from-start            starts at the beginning of a file, whatever was read of it before
  --resume                the input must begin as the last one did: that much is skipped. For
                          pipes, which are not resumed otherwise. With other input it fails
  --quiet                 says errors only
  --help, --version

  An option may also come from the environment: --max-spool as FIELDPOST_MAX_SPOOL.

WHAT IT SAYS
  On standard error: when it is connected and when not and why, which lines it did not
  understand (the first ten), in the end what the server refused, by reason, and a summary. On a
  terminal also how far it is.

FILES
  DIR     the spool; it is used by one process at a time. To move a device to another machine,
          move it along. Without it, what waited is lost, and the next run starts at the
          beginning of its input

SIGNALS
  SIGINT, SIGTERM  stores what was read, and ends; what waits is sent by the next run

EXIT STATUS
  0  everything was read, and the server has acknowledged everything. What it refused for good
     is counted as acknowledged; the summary names it
  1  failed: the credential is unknown or revoked, the server is not the one it should be, the
     disk is full, the spool is in use ..; one line on standard error says why
  2  was used wrongly
  3  as 0, but some lines were not understood: no JSON object, without a kind, or too long
  130, 143  ended by SIGINT or SIGTERM

EXAMPLES
  A file, to a server on the same machine:
    fieldpost-push --server 127.0.0.1:8443 --ca /srv/fieldpost/push-certificate.pem \
      --device 7f3c --credential-file credential --spool spool < observations.ndjson

  A program that measures on and on:
    gps-logger --ndjson | fieldpost-push --server post.example:8443 --device 7f3c \
      --credential-file /etc/fieldpost/credential --spool /var/lib/fieldpost/spool
)";
}

}  // namespace fieldpost::push_program
