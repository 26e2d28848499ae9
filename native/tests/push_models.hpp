#pragma once

#include <set>
#include <vector>

#include "push_simulation.hpp"

/// Models of an agent with a spool and of a server with a store, around the real connections.
/// They keep their own books: nothing that a connection counts is believed.
namespace push_simulation {

/// How often what goes wrong, in percent where nothing else is said.
struct Weather {
    Way to_server{};
    Way to_agent{};
    std::size_t cut = 0;     // of connections
    std::size_t silent = 0;  // of those that are cut
    std::size_t cut_within = 4'000;  // bytes
    Millis agent_crashes_every = 0;
    Millis server_crashes_every = 0;
    Millis drains_every = 0;
    std::size_t busy = 0;      // of connections
    std::size_t later = 0;     // of batches
    std::size_t refused = 0;   // of batches, by their content
    std::size_t again = 0;     // of sends: something that is settled already
    Millis durable_within = 200;
    Millis receipt_within = 200;
    Millis asks_every = 0;  // requests, policies, check-ins
};

using Name = std::pair<std::uint8_t, std::uint64_t>;
[[nodiscard]] inline Name name_of(const push::BatchKey& key) { return {key.kind, key.sequence}; }
[[nodiscard]] bool same_content(const push::PushedBatch& left, const push::PushedBatch& right);

/// What travels and is not settled, as either side must see it.
struct Books {
    std::map<Name, std::size_t> under_way;
    std::size_t bytes = 0;

    void add(const push::PushedBatch& batch);
    void remove(const push::BatchKey& key);
    [[nodiscard]] bool has_room(std::size_t size, std::size_t batches, std::size_t limit) const;
};

/// Keeps batches and forgets everything else when it crashes.
class ModelServer {
  public:
    ModelServer(World& world, const Weather& weather, const push::ServerLimits& limits)
        : world_(world), weather_(weather), limits_(limits) {}

    std::map<Name, push::PushedBatch> kept;        // durable
    std::map<std::string, bool> requests;          // durable: true once it is closed
    std::uint64_t policy_version = 1;              // durable
    std::size_t duplicates = 0;
    std::size_t silences_noticed = 0;

    [[nodiscard]] bool is_up() const { return world_.now() >= up_at_; }
    void connect(Link& link);
    void crash();
    void drain();
    void ask();
    [[nodiscard]] bool refuses(const push::PushedBatch& batch) const;
    [[nodiscard]] std::size_t open_sessions() const;
    /// What receipts say of a batch follows from its content, so that the agent can check it.
    [[nodiscard]] static std::uint64_t count_of(const push::PushedBatch& batch);
    [[nodiscard]] static std::size_t refusals_of(const push::PushedBatch& batch,
                                                 push::Outcome outcome);

  private:
    struct Session {
        std::unique_ptr<ServerShell> shell;
        Books books;
        std::vector<push::PushReceipt> receipts;
        bool admitted = false;
        std::size_t life = 0;
    };
    void hear(Session& session, const push::ServerEvent& event);
    static void compare_books(const Session& session);
    void decide(Session& session, const push::CredentialOffered& offer);
    void take_in(Session& session, const push::PushedBatch& batch);
    void make_durable(Session& session, const push::PushedBatch& batch);
    void answer(Session& session, push::PushReceipt receipt);
    void send_receipts(Session& session);
    void tell(Session& session, std::optional<std::uint64_t> known);

    World& world_;
    const Weather& weather_;
    push::ServerLimits limits_;
    std::vector<std::unique_ptr<Session>> sessions_;
    Millis up_at_ = 0;
    std::size_t lives_ = 0;
};

/// Delivers its spool in order; forgets everything else when it crashes.
class ModelAgent {
  public:
    ModelAgent(World& world, const Weather& weather, ModelServer& server)
        : world_(world), weather_(weather), server_(server) {}

    struct Item {
        push::PushedBatch batch;
        std::optional<push::Outcome> settled;  // accepted, duplicate or refused
        Millis settled_at = 0;
    };
    std::vector<Item> spool;  // durable
    std::uint64_t policy_version = 0;  // durable
    std::set<std::string> unable;  // durable: requests that it said it cannot answer
    std::size_t connections = 0;
    std::size_t silences_noticed = 0;

    void add(push::PushedBatch batch);
    [[nodiscard]] push::BatchKey next_key(std::uint8_t kind);
    /// Sends what the window has room for.
    void pump();
    void connect();
    void crash();
    void check_in();
    [[nodiscard]] bool is_settled() const { return unsettled_ == 0; }
    [[nodiscard]] bool is_open() const;
    [[nodiscard]] Link* link() const { return link_; }
    [[nodiscard]] AgentShell* shell() const { return shell_; }

  private:
    void hear(const push::AgentEvent& event);
    void admitted(const push::Admitted& admitted);
    void receipt(const push::PushReceipt& receipt);
    void settle(Item& item, push::Outcome outcome);
    void told(const push::Told& told);
    void answer(const push::DataRequest& request);
    void decline();
    bool send(const Item& item);
    void lost();
    void come_again(Millis delay);
    [[nodiscard]] Item& item_of(const push::BatchKey& key);

    World& world_;
    const Weather& weather_;
    ModelServer& server_;
    std::map<Name, std::size_t> index_;
    std::size_t unsettled_ = 0;
    std::uint64_t last_sequence_ = 0;
    std::set<std::string> answered_;    // on this connection
    std::set<std::string> to_decline_;  // on this connection
    std::uint64_t life_ = 0;  // counts connections and crashes: what was planned before is void

    std::vector<std::unique_ptr<Link>> links_;
    std::vector<std::unique_ptr<AgentShell>> shells_;
    Link* link_ = nullptr;
    AgentShell* shell_ = nullptr;
    std::vector<push::BatchKey> offered_;
    std::optional<push::Admitted> terms_;  // once we were let in
    Books books_;
    std::size_t again_left_ = 0;
    Millis not_before_ = 0;
    Millis come_again_after_ = 0;
};

/// An agent and a server, and the weather between them.
class Simulation {
  public:
    Simulation(std::uint64_t seed, const Weather& its_weather, const push::ServerLimits& limits);

    World world;
    Weather weather;
    ModelServer server;
    ModelAgent agent;

    /// A batch of one of many sorts, with the next number.
    [[nodiscard]] push::PushedBatch make_batch();
    void add(std::size_t batches);
    /// From now on nothing goes wrong any more.
    void calm();
    /// Runs until all is settled and every request closed, then checks what must hold.
    void finish();

  private:
    void repeat(Millis Weather::* every, const std::function<void()>& what);
    void check() const;

    std::size_t to_come_ = 0;
};

/// A payload of `size` bytes, of a kind that nobody knows, and arbitrary.
[[nodiscard]] push::PushedBatch json_batch(push::BatchKey key, std::size_t size, Random& random);
[[nodiscard]] push::PushedBatch block_batch(std::uint64_t sequence, std::size_t observations,
                                            Random& random);

}  // namespace push_simulation
