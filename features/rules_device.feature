Feature: Rules about the device
  How fast it moves, how it is doing, who is at it, and whether it is heard of at all.

  Rule: Speed is measured against a limit

    Background:
      Given Ana carries a phone and allows location

    Scenario Outline: Driving past the limit
      Given the rule that anybody moves faster than 130 km/h
      When Ana's phone sends its location at <speed> km/h
      Then <alerts> alerts are raised

      Examples:
        | speed | alerts |
        | 129   | 0      |
        | 131   | 1      |

    Scenario: One fast drive is one alert
      Given the rule that anybody moves faster than 130 km/h
      When Ana's phone sends these positions:
        | when           | where           | speed    |
        | 30 minutes ago | at Home         | 140 km/h |
        | 20 minutes ago | 500 m from Home | 150 km/h |
        | 10 minutes ago | 900 m from Home | 145 km/h |
      Then these alerts are raised:
        | alert                                        | happened       |
        | Ana (phone) moved at 140 km/h, over 130 km/h | 30 minutes ago |

  Rule: A battery that runs low is told once

    Background:
      Given Ana carries a phone and allows battery
      And the rule that anybody has less than 15 % battery

    Scenario: The battery runs down
      When Ana's phone sends its battery:
        | when           | level |
        | 30 minutes ago | 16 %  |
        | 20 minutes ago | 14 %  |
        | 10 minutes ago | 9 %   |
      Then these alerts are raised:
        | alert                                       | happened       | it is    |
        | Ana (phone) has 14% battery left, under 15% | 20 minutes ago | going on |

    Scenario: The battery is charged again
      When Ana's phone sends its battery:
        | when           | level |
        | 20 minutes ago | 14 %  |
        | 10 minutes ago | 80 %  |
      Then these alerts are raised:
        | alert                                       | happened       | it is |
        | Ana (phone) has 14% battery left, under 15% | 20 minutes ago | over  |

  Rule: Whether it is on its charger counts, too

    Scenario: The charger is pulled out
      Given Ana carries a phone and allows battery
      And the rule that Ana is not charging
      When Ana's phone tells of its battery and charger:
        | when           | level | charger    |
        | 20 minutes ago | 80 %  | plugged in |
        | 10 minutes ago | 80 %  | pulled out |
      Then these alerts are raised:
        | alert                       | happened       |
        | Ana (phone) is not charging | 10 minutes ago |

  Rule: Somebody is at the phone, or nobody is

    Scenario Outline: Who is at it
      Given Ana carries a phone and allows presence
      And the rule that Ana <is>
      When Ana's phone tells of its presence:
        | when           | it is   |
        | 20 minutes ago | <first> |
        | 10 minutes ago | <then>  |
      Then these alerts are raised:
        | alert               | happened       |
        | Ana (phone) <alert> | 10 minutes ago |

      Examples:
        | is                     | first  | then       | alert                   |
        | is at the phone        | locked | in use     | is at the device        |
        | is away from the phone | in use | left alone | is away from the device |
        | has locked the phone   | in use | locked     | has locked the device   |

  Rule: Silence is noticed by time passing

    Scenario: A phone that has not been heard of
      Given Ana carries a phone and allows battery
      And Borut carries a phone and allows battery
      And the rule that anybody is silent for 1 hour
      When Borut's phone sends its battery of 10 minutes ago
      And Ana's phone sends its battery of 2 hours ago
      Then in the end these alerts are raised:
        | alert                                  | happened   |
        | Ana (phone) has been silent for 1 hour | 1 hour ago |
      When Ana's phone sends its battery of now
      Then the silence of Ana's phone is over
