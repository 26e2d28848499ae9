Feature: The intake log
  Where data is missing somebody wants to know whether it came at all, came twice, or was refused, and
  why. So what each device brings is counted: day by day in the person's own time, kind by kind. The
  log is some seconds behind, and a month long.

  Background:
    Given Ana carries a phone and allows location

  Rule: Everything that came is in it, also what was not kept

    Scenario: Deliveries that were kept
      When Ana's phone sends these positions:
        | when        | where   |
        | 2 hours ago | at Home |
        | 1 hour ago  | at Home |
      And Ana's phone sends its location
      Then the intake log of Ana's phone says:
        | kind     | batches | sent again | refused | kept | left out |
        | location | 2       | 0          | 0       | 3    | 0        |

    Scenario: A delivery that is sent twice is kept once
      Given Ana's phone was at Home 1 hour ago
      When Ana's phone sends the same delivery again
      Then the intake log of Ana's phone says:
        | kind     | batches | refused | kept |
        | location | 1       | 0       | 1    |

    Scenario: A delivery that nobody allowed
      When Ana's phone sends its location
      And Ana's phone sends a web visit
      Then the intake log of Ana's phone says:
        | kind       | batches | refused | kept | because           |
        | location   | 1       | 0       | 1    |                   |
        | web visits | 0       | 1       | 0    | nobody allowed it |

    Scenario: Single observations that make no sense
      When Ana's phone sends a location that is nowhere on earth
      Then the intake log of Ana's phone says:
        | kind     | batches | refused | kept | left out | because           |
        | location | 0       | 1       | 0    | 1        | nothing was valid |

    Scenario: What is of no kind that we know
      When Ana's phone sends a dream
      Then the intake log of Ana's phone says:
        | kind | batches | refused | kept | because             |
        |      | 0       | 1       | 0    | its kind is unknown |

  Rule: A device that brought nothing has nothing in it

    Scenario: A new phone
      Then the intake log of Ana's phone is empty
