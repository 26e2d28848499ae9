#pragma once

#include <openssl/ssl.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "link_errors.hpp"

namespace fieldpost::client {

using Fingerprint = std::array<unsigned char, 32>;

/// SHA-256 of a certificate as people write it: 64 hexadecimal digits, with or without colons.
[[nodiscard]] std::optional<Fingerprint> parse_fingerprint(std::string_view text);

/// By what a server proves itself. There is no way to do without.
struct TlsTrust {
    /// Certificates in PEM that are trusted: of authorities, or the server's own. Empty: the
    /// system's authorities, unless there is a fingerprint.
    std::string ca_file;
    /// Of the server's certificate. Alone it is enough, whatever names the certificate bears;
    /// with a CA file both must hold.
    std::optional<Fingerprint> fingerprint;
};

/// What all connections to a server share.
class TlsContext {
  public:
    /// Throws LinkError if the CA file cannot be read.
    explicit TlsContext(const TlsTrust& trust);
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;
    [[nodiscard]] SSL_CTX* get() const { return context_.get(); }
    [[nodiscard]] const TlsTrust& trust() const { return trust_; }

  private:
    TlsTrust trust_;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
};

/// The client's side of TLS on one connection, without I/O: what arrives goes in, what is to be
/// sent comes out. Errors are LinkErrors.
class TlsSession {
  public:
    /// `name` is what the certificate must bear: a host's name, or an IP address.
    TlsSession(const TlsContext& context, const std::string& name);

    void feed(std::string_view arrived);
    /// Goes on with the handshake. True once it is done: the server is proven, and agreed to
    /// speak our protocol.
    [[nodiscard]] bool handshake();
    /// All that can be read by now. Only after the handshake.
    [[nodiscard]] std::string read();
    /// The peer said that it sends nothing more.
    [[nodiscard]] bool ended() const { return ended_; }
    void write(std::string_view bytes);
    /// Says that we send nothing more.
    void finish();
    /// Appends what is to be sent.
    void take_output(std::string& output);

  private:
    void expect_name(const std::string& name);
    void check_protocol() const;
    [[noreturn]] void fail(const std::string& doing) const;

    std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
    BIO* arrived_;
    BIO* leaving_;
    bool ended_ = false;
};

}  // namespace fieldpost::client
