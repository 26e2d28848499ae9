Feature: Which device somebody had
  People have a phone, a tablet, a computer. A day of theirs joins what all of them know. A device
  that travels or is used was with its person; one that lies at home says nothing.

  Background:
    Given Ana has a phone that tells everything
    And Ana has a tablet that tells everything
    And the place Home with a radius of 100 m
    And the place School with a radius of 100 m
    And Ana's phone spent Tuesday so:
      | from  | to    | where               |
      | 07:00 | 08:00 | at Home             |
      | 08:00 | 08:20 | from Home to School |
      | 08:20 | 13:00 | at School           |
      | 13:00 | 13:20 | from School to Home |
      | 13:20 | 20:00 | at Home             |
    And Ana's tablet spent Tuesday so:
      | from  | to    | where   |
      | 06:00 | 20:00 | at Home |

  Rule: The device that travels or is used is the one that somebody has

    Scenario: The tablet stays at home
      Then on Tuesday Ana had these devices:
        | from  | to    | device |
        | 08:00 | 13:20 | phone  |
      And nothing of Tuesday contradicts itself

    Scenario: The tablet is used in the evening
      When Ana's tablet tells of this:
        | when          | what          | for        |
        | Tuesday 18:00 | the app clips | 30 minutes |
      Then on Tuesday Ana had these devices:
        | from  | to    | device |
        | 08:00 | 13:20 | phone  |
        | 18:00 | 18:30 | tablet |
      And nothing of Tuesday contradicts itself

  Rule: Two devices that are in use at once, far from each other, are a conflict

    Scenario: Somebody else has the tablet
      When Ana's tablet tells of this:
        | when          | what          | for        |
        | Tuesday 10:00 | the app clips | 30 minutes |
      And Ana's phone tells of this:
        | when          | what         | for        |
        | Tuesday 10:10 | the app maps | 40 minutes |
      Then on Tuesday the phone and the tablet contradict each other:
        | from  | to    | phone  | tablet |
        | 10:10 | 10:30 | School | Home   |
