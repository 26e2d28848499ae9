#include "tls_session.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>

namespace fieldpost::client {
namespace {

constexpr std::string_view protocol = "fieldpost/1";
constexpr std::size_t read_size = 16'384;  // the longest TLS record

std::string openssl_reason() {
    const unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    const char* reason = code == 0 ? nullptr : ERR_reason_error_string(code);
    return reason == nullptr ? "unknown error" : reason;
}

bool matches(X509* certificate, const Fingerprint& expected) {
    Fingerprint actual;
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), actual.data(), &size) != 1) return false;
    return size == actual.size() && CRYPTO_memcmp(actual.data(), expected.data(), size) == 0;
}

// In place of OpenSSL's own verification, which it calls.
int verify(X509_STORE_CTX* store, void* argument) {
    const auto& trust = *static_cast<const TlsTrust*>(argument);
    if (trust.fingerprint && !matches(X509_STORE_CTX_get0_cert(store), *trust.fingerprint)) {
        X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
        return 0;
    }
    if (trust.fingerprint && trust.ca_file.empty()) {
        X509_STORE_CTX_set_error(store, X509_V_OK);
        return 1;
    }
    return X509_verify_cert(store) == 1 ? 1 : 0;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::optional<Fingerprint> parse_fingerprint(std::string_view text) {
    std::string digits(text);
    std::erase(digits, ':');
    Fingerprint bytes;
    if (digits.size() != 2 * bytes.size()) return {};
    for (std::size_t index = 0; index < bytes.size(); ++index) {
        const int high = hex_value(digits[2 * index]);
        const int low = hex_value(digits[2 * index + 1]);
        if (high < 0 || low < 0) return {};
        bytes[index] = static_cast<unsigned char>(high * 16 + low);
    }
    return bytes;
}

TlsContext::TlsContext(const TlsTrust& trust)
    : trust_(trust), context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free) {
    SSL_CTX* const context = context_.get();
    if (context == nullptr) throw LinkError(LinkFault::interrupted, "no TLS: " + openssl_reason());
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context, &verify, &trust_);
    if (!trust_.ca_file.empty()) {
        if (SSL_CTX_load_verify_file(context, trust_.ca_file.c_str()) != 1) {
            throw LinkError(LinkFault::not_trusted, "cannot read certificates from " +
                                                        trust_.ca_file + ": " + openssl_reason());
        }
        // The file names whom to trust: also a server's certificate that somebody else signed.
        X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
    } else if (!trust_.fingerprint && SSL_CTX_set_default_verify_paths(context) != 1) {
        throw LinkError(LinkFault::not_trusted,
                        "cannot read the system's certificates: " + openssl_reason());
    }
}

TlsSession::TlsSession(const TlsContext& context, const std::string& name)
    : ssl_(SSL_new(context.get()), &SSL_free),
      arrived_(BIO_new(BIO_s_mem())),
      leaving_(BIO_new(BIO_s_mem())) {
    if (!ssl_ || arrived_ == nullptr || leaving_ == nullptr) {
        BIO_free(arrived_);
        BIO_free(leaving_);
        throw LinkError(LinkFault::interrupted, "no TLS: " + openssl_reason());
    }
    SSL_set_bio(ssl_.get(), arrived_, leaving_);  // which owns them from now on
    SSL_set_connect_state(ssl_.get());
    expect_name(name);
    std::string offered(1, static_cast<char>(protocol.size()));
    offered += protocol;
    // It returns 0 for success.
    if (SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(offered.data()),
                            static_cast<unsigned>(offered.size())) != 0) {
        fail("TLS");
    }
}

void TlsSession::expect_name(const std::string& name) {
    X509_VERIFY_PARAM* const expected = SSL_get0_param(ssl_.get());
    if (X509_VERIFY_PARAM_set1_ip_asc(expected, name.c_str()) == 1) return;
    ERR_clear_error();
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (name.empty() || SSL_set1_host(ssl_.get(), name.c_str()) != 1 ||
        SSL_set_tlsext_host_name(ssl_.get(), name.c_str()) != 1) {
        throw LinkError(LinkFault::not_trusted, "'" + name + "' is no name of a server");
    }
}

void TlsSession::feed(std::string_view arrived) {
    const int size = static_cast<int>(arrived.size());
    if (size > 0 && BIO_write(arrived_, arrived.data(), size) != size) fail("TLS");
}

bool TlsSession::handshake() {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) {
        check_protocol();
        return true;
    }
    if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ) return false;
    const long verified = SSL_get_verify_result(ssl_.get());
    if (verified != X509_V_OK) {
        ERR_clear_error();
        throw LinkError(LinkFault::not_trusted,
                        verified == X509_V_ERR_CERT_REJECTED
                            ? "the server's certificate has another fingerprint"
                            : std::string("the server's certificate is not trusted: ") +
                                  X509_verify_cert_error_string(verified));
    }
    fail("the TLS handshake failed");
}

void TlsSession::check_protocol() const {
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
    if (std::string_view(reinterpret_cast<const char*>(chosen), size) != protocol) {
        throw LinkError(LinkFault::not_trusted, "the server does not speak fieldpost/1");
    }
}

std::string TlsSession::read() {
    std::string bytes;
    while (!ended_) {
        const std::size_t before = bytes.size();
        bytes.resize(before + read_size);
        std::size_t count = 0;
        ERR_clear_error();
        const int result = SSL_read_ex(ssl_.get(), bytes.data() + before, read_size, &count);
        bytes.resize(before + count);
        if (result == 1) continue;
        const int error = SSL_get_error(ssl_.get(), result);
        if (error == SSL_ERROR_WANT_READ) break;
        if (error != SSL_ERROR_ZERO_RETURN) fail("the connection broke");
        ended_ = true;
    }
    return bytes;
}

void TlsSession::write(std::string_view bytes) {
    if (bytes.empty()) return;
    std::size_t count = 0;
    ERR_clear_error();
    // Into memory all is written at once.
    if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count) != 1) {
        fail("the connection broke");
    }
}

void TlsSession::finish() {
    ERR_clear_error();
    (void)SSL_shutdown(ssl_.get());
    ERR_clear_error();
}

void TlsSession::take_output(std::string& output) {
    const std::size_t size = BIO_ctrl_pending(leaving_);
    if (size == 0) return;
    const std::size_t before = output.size();
    output.resize(before + size);
    (void)BIO_read(leaving_, output.data() + before, static_cast<int>(size));
}

void TlsSession::fail(const std::string& doing) const {
    throw LinkError(LinkFault::interrupted, doing + ": " + openssl_reason());
}

}  // namespace fieldpost::client
